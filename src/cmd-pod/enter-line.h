// SPDX-License-Identifier: Apache-2.0
//
// The lines of verbs that run a command in an app: flags, the pod, and from there on the command's words.

#pragma once

#include "cmd-pod/verb.h"
#include "stage0/enter.h"

#include <optional>
#include <string>

namespace rkt {

class EnterLine {
public:
    EnterLine(const std::string& usage, const std::string& description);

    // For `rkt exec`: who the command is and where.
    void declare_command_flags();

    // Nothing if only the help was wanted. Throws UsageError.
    std::optional<Session> read(const Words& words);

    // Of read(): the words behind the pod.
    bool has_command() const noexcept { return !request_.command.empty(); }

    // Runs the command in the pod.
    int run(const Session& session, const char* verb);

private:
    VerbLine line_;
    std::string pod_ = {};
    std::optional<std::string> app_ = {};
    EnterRequest request_ = {.app = {}};
};

// The app that was asked for, or the only one. Throws Error, naming what there is.
std::string choose_app(const Pod& pod, const std::optional<std::string>& asked);

} // namespace rkt
