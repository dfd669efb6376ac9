// SPDX-License-Identifier: Apache-2.0
//
// Waiting for a file by inotify(7), and the inotify descriptors of a process that is to go quickly.
//
// Whoever closes the last copy of an inotify descriptor that has watches waits for a grace period of the
// kernel, some 12 ms, and with each further descriptor for another: it is most of the time that a pod's
// systemd takes to go. Who closes a copy that is not the last waits for nothing, and watches that were
// removed before are given back in the background.

#pragma once

#include "os/fd.h"

#include <chrono>
#include <filesystem>
#include <span>
#include <vector>

#include <sys/types.h>

namespace rkt {

// Whether so many inotify instances can still be made by this user, in all its processes and user namespaces
// (inotify(7), max_user_instances).
bool can_watch(int instances) noexcept;

// Waits until the file is there: true; or until the process ends, its directory is moved or removed, or the
// patience is over: false. A negative patience has no end. Throws SystemError.
bool wait_for_file(const std::filesystem::path& file, const Fd& process, std::chrono::milliseconds patience);

// Copies of all inotify descriptors of a process, to be held until it has ended. What may not be looked into,
// or has ended, gives none: this saves time and nothing else.
std::vector<Fd> hold_watches(pid_t pid) noexcept;

// Removes all watches of the descriptors: nobody hears of anything by them from here on.
void remove_watches(std::span<const Fd> inotifies) noexcept;

// Lets go of those descriptors that watch this directory, without their watches and so without a wait.
void release_watches(std::vector<Fd>& inotifies, const std::filesystem::path& directory) noexcept;

} // namespace rkt
