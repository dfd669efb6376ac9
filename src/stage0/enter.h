// SPDX-License-Identifier: Apache-2.0
//
// Commands in the apps of running pods, by the pod's stage1.

#pragma once

#include "pod/pods.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace rkt {

struct EnterRequest {
    std::string app;
    std::vector<std::string> command = {}; // empty: a shell of the app
    bool privileged = false;               // root, and only as confined as the pod
    bool terminal = false;                 // the command gets one of the pod's
    std::optional<std::string> user = {};
    std::vector<std::string> environment = {}; // "NAME=value", in addition to the app's
    std::optional<std::string> directory = {}; // else the app's

    // If there are any, uppermost first: the command has these as its root, and the app's at /app. It is
    // privileged then, and its environment is what is said here alone.
    std::vector<std::filesystem::path> tools = {};
};

// Throws Error, saying how it is, unless the pod runs.
void check_enterable(const Pod& pod);

// Runs the command until its end, with our standard streams carried to and from it: it gets none of our
// descriptors. Signals that would end us go to it. Gives its status, 128 + N for signal N, or that of the
// stage1, which says itself what it could not do. Throws Error if the pod does not run.
int enter_pod(const Pod& pod, const EnterRequest& request);

} // namespace rkt
