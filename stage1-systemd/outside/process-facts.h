// SPDX-License-Identifier: Apache-2.0
//
// What the kernel tells about a process that is not ours (proc(5)).
//
// A process number may belong to another process by the time it is used, so what is to be acted on is held by
// a descriptor first and examined afterwards.

#pragma once

#include "appc/uuid.h"
#include "os/fd.h"
#include "pod/layout.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

namespace rkt {

struct Process {
    pid_t pid;
    Fd handle; // a pidfd

    // False if it has ended already.
    bool signal(int number) const;
};

// Of the pod in the directory: nspawn, as `run` recorded itself. Nothing if it does not run.
std::optional<Process> find_nspawn(const PodLayout& layout, const Uuid& uuid);

// The pod's PID 1: nspawn's child that is the first of its namespace. Nothing if nspawn has not come so far.
std::optional<Process> find_leader(const Process& nspawn);

// As which user a process runs, and what it may do.
struct Credentials {
    uid_t uid;
    gid_t gid;
    std::vector<gid_t> supplementary;
    std::uint64_t bounding; // capabilities, a bit each
    bool no_new_privileges;
};

// From the text of /proc/PID/status. Throws Error if something is missing.
Credentials parse_credentials(const std::string& status);

// The strings of /proc/PID/environ or cmdline, each ended by a NUL.
std::vector<std::string> parse_strings(std::string_view text);

// The text of a file of the process: "status", "environ", …
std::string read_of(pid_t pid, const std::string& file);

} // namespace rkt
