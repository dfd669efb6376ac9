// SPDX-License-Identifier: Apache-2.0
//
// The users of the host that stand for those of a pod: a range for each pod, and for no other at the same
// time.
//
// A range is written down in its pod's directory and nowhere else, so it is given back with the pod, whatever
// became of it.

#pragma once

#include "os/user-namespace.h"
#include "pod/pods.h"

#include <optional>
#include <vector>

namespace rkt {

// The users of a pod that has a user namespace.
struct PodUsers {
    UserRange range; // the host's; the first of them is root in the pod
    Fd space;        // in which they are root and the others
};

PodUsers make_users(const UserRange& range);

// Among those that systemd gives to containers (524288 to 1878982656), by the pod's UUID where that is free.
// Nothing if all are taken.
std::optional<UserRange> choose_range(const Uuid& uuid, const std::vector<UserRange>& taken);

// Finds a range that no pod of the directory and nobody of the host has, and writes it down. Warns of a pod
// whose own is not to be read. Throws Error.
UserRange claim_range(const Pods& pods, const PodLock& pod);

// As written down; nothing if the pod has none. Throws Error if that is no range.
std::optional<UserRange> range_of(const PodLayout& pod);
std::optional<PodUsers> users_of(const PodLayout& pod);

} // namespace rkt
