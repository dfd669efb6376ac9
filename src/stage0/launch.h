// SPDX-License-Identifier: Apache-2.0
//
// Runs a pod from its first process to its last: mounts, unit, stage1, registration, output, end.

#pragma once

#include "pod/pods.h"
#include "stage0/mounts.h"
#include "stage0/stage1.h"

#include <optional>
#include <string>
#include <vector>

namespace rkt {

struct LaunchOptions {
    std::string network = "none";             // or "host"
    std::optional<std::string> hostname = {}; // else the machine's name
    bool print_output = true;                 // the apps' lines on our standard output
};

// Takes a pod that stands in run/ and returns when nothing of it is alive any more.
// Gives the pod's status (status_of); throws Error if a pod's status is not known.
int launch(const PodLock& pod, const Stage1& stage1, const std::vector<AppLayers>& layers,
           const LaunchOptions& options);

} // namespace rkt
