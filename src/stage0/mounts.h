// SPDX-License-Identifier: Apache-2.0
//
// A pod's mounts, which live in one mount namespace and end with the last process in it.

#pragma once

#include "pod/layout.h"

#include <filesystem>
#include <string>
#include <vector>

namespace rkt {

struct AppLayers {
    std::string app;
    std::vector<std::filesystem::path> layers; // uppermost first
};

// Enters a mount namespace of our own and puts the pod together there: stage1 as an overlay, an overlay of
// its layers for each app, the journal's directory, and the FIFO by which stage1 tells of apps that have
// ended.
void mount_pod(const PodLayout& pod, const std::filesystem::path& stage1_rootfs,
               const std::vector<AppLayers>& apps);

// Takes it apart again, in that namespace: a pod that did not come to be can be removed then.
void unmount_pod(const PodLayout& pod) noexcept;

} // namespace rkt
