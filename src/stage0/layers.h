// SPDX-License-Identifier: Apache-2.0
//
// What the roots of a pod's apps are made of, written down when the pod is prepared: a name that stands for
// another image later must not change a pod that is pinned to this one.

#pragma once

#include "pod/pod.h"
#include "stage0/mounts.h"
#include "store/stack.h"

#include <filesystem>
#include <string>
#include <vector>

namespace rkt {

// What an image is made of. For one that is not plain the renderer is asked, a program that lays images over
// each other: it says on its standard error why it fails. Nothing of the stack can be collected before the
// store is let go.
Stack stack_of(const Store& store, const ImageId& id, const ImageManifest& manifest,
               const std::filesystem::path& renderer);

// The paths are relative to the data directory, uppermost first.
void write_layers(const PodLayout& pod, const std::string& app,
                  const std::vector<std::filesystem::path>& layers);

// With absolute paths.
AppLayers read_layers(const PodLayout& pod, const std::string& app, const std::filesystem::path& data_dir);
std::vector<AppLayers> layers_of(const PodLayout& pod, const std::vector<PodApp>& apps,
                                 const std::filesystem::path& data_dir);

} // namespace rkt
