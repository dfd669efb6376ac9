// SPDX-License-Identifier: Apache-2.0
//
// What the seccomp isolators of an app forbid (ISO-1 to ISO-5).

#pragma once

#include "appc/isolator.h"
#include "wrap/seccomp.h"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace rkt {

// systemd's sets by their names, as `systemd-analyze syscall-filter` prints them: each holds calls and
// further sets.
using CallSets = std::map<std::string, std::set<std::string>, std::less<>>;
CallSets parse_call_sets(std::string_view text);

struct Seccomp {
    bool unfiltered = false;             // the app asked for no filter of its own at all (ISO-3)
    std::optional<CallRules> rules = {}; // nothing if the app has no seccomp isolator
};

// Throws Error for a set that nobody knows (ISO-3).
Seccomp seccomp_of(const std::vector<Isolator>& isolators, const CallSets& sets);

} // namespace rkt
