// SPDX-License-Identifier: Apache-2.0
//
// How the apps of a running pod are, as the pod's systemd has it: what the pod's files do not tell.

#pragma once

#include "pod/pod.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include <sys/types.h>

namespace rkt {

// Of the app's service, in the words of systemctl(1).
struct AppUnit {
    std::string state;     // "active", "activating", "failed", …
    std::string sub_state; // "running", "auto-restart", …
    pid_t pid = 0;         // of the app's main process as its pod numbers it; 0 if it has none
    std::uint64_t restarts = 0;
    std::string cgroup = {}; // as the pod has it: "/system.slice/web.service"
};

// Of each app, by its name. What is not as `systemctl show` writes it is left out.
std::map<std::string, AppUnit> parse_units(std::string_view shown);

// With the host's numbers of processes. Empty if the pod does not run, if its systemd does not answer within
// a second, or cannot be asked by us or with its stage1.
std::map<std::string, AppUnit> ask_units(const Pod& pod);

} // namespace rkt
