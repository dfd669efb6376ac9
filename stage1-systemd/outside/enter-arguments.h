// SPDX-License-Identifier: Apache-2.0
//
// The line by which stage0 calls `enter`. --pid, --appname and the command are the published interface; the
// others are between this stage1 and its rkt.

#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <sys/ioctl.h>
#include <sys/types.h>

namespace rkt {

struct EnterArguments {
    pid_t leader = 0;
    std::string app = {};
    std::vector<std::string> command = {}; // empty: a shell of the app
    bool privileged = false;               // only as confined as the pod
    std::optional<std::string> user = {};
    std::vector<std::pair<std::string, std::string>> environment = {}; // in addition to the app's
    std::string directory = {};                                        // seen from the app's; empty: that one
    std::optional<int> terminal = {}; // a socket: the command gets a terminal, and its master goes there
    std::optional<int> tools = {};    // a mount that is to be the command's root, with the app's at /app
    winsize size = {};                // of that terminal
};

// Throws UsageError.
EnterArguments read_enter_arguments(const std::vector<std::string>& words);

} // namespace rkt
