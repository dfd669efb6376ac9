// SPDX-License-Identifier: Apache-2.0
//
// From a pod manifest to a pod on disk that can be run.

#pragma once

#include "appc/pod-manifest.h"
#include "os/umask.h"
#include "pod/pods.h"
#include "stage0/stage1.h"
#include "store/store.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace rkt {

struct PrepareOptions {
    Uuid uuid = Uuid::random();
    std::optional<std::string> name = {};
    std::optional<std::filesystem::path> uuid_file = {}; // written as soon as the pod's directory is there
    mode_t umask = usual_umask;                          // the caller's, for that file
    std::string launch_flags = {};                       // for whoever runs the pod; empty if there are none
    std::filesystem::path renderer = {};                 // the program that lays images over each other
};

// What fails leaves nothing behind. The pod stands in prepare/, with its images pinned and its lock held.
PodLock prepare(const Pods& pods, Store& store, const PodManifest& manifest, const Stage1& stage1,
                const PrepareOptions& options);

// Makes a pod durable and leaves it in prepared/, to be run at any time.
void finish_preparing(const Pods& pods, PodLock pod);

} // namespace rkt
