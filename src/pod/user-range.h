// SPDX-License-Identifier: Apache-2.0
//
// The users of the host that stand for those of a pod: a range for each pod, and for no other at the same
// time.
//
// A range is written down in its pod's directory and nowhere else, so it is given back with the pod, whatever
// became of it.

#pragma once

#include "pod/pods.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rkt {

struct UserRange {
    std::uint32_t shift = 0; // the host's user that is root in the pod
    std::uint32_t count = 65536;

    // "SHIFT:COUNT", as systemd-nspawn(1) takes it. Throws Error.
    static UserRange parse(std::string_view text);
    std::string str() const;

    bool overlaps(const UserRange& other) const noexcept;
    bool operator==(const UserRange&) const = default;
};

// Among those that systemd gives to containers (524288 to 1878982656), by the pod's UUID where that is free.
// Nothing if all are taken.
std::optional<UserRange> choose_range(const Uuid& uuid, const std::vector<UserRange>& taken);

// Finds a range that no pod of the directory and nobody of the host has, and writes it down. Throws Error.
UserRange claim_range(const Pods& pods, const PodLock& pod);

// As written down; nothing if the pod has none.
std::optional<UserRange> range_of(const PodLayout& pod);

} // namespace rkt
