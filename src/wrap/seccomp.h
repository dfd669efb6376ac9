// SPDX-License-Identifier: Apache-2.0
//
// Compiling a system call filter (libseccomp) into the program that the kernel loads (seccomp(2)).

#pragma once

#include <optional>
#include <set>
#include <string>

namespace rkt {

struct CallRules {
    std::set<std::string> calls;   // by their names; those that no machine here has are left out
    bool allowed = false;          // whether these are the only ones to be let through, or those that are not
    std::optional<int> error = {}; // what a forbidden call answers; without one it kills the process (SIGSYS)
};

// An array of struct sock_filter, for every way in which a program can enter this kernel. Throws Error.
std::string compile_filter(const CallRules& rules);

// The number of an error: "EPERM". Nothing if this machine has none of that name.
std::optional<int> error_number(const std::string& name);

} // namespace rkt
