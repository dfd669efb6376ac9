// SPDX-License-Identifier: Apache-2.0
//
// What an app has made of its image, as an image.

#pragma once

#include "pod/pods.h"

#include <filesystem>
#include <string>

namespace rkt {

struct ExportOptions {
    std::string app;
    std::filesystem::path target; // the archive
    bool overwrite = false;
    std::filesystem::path packer; // the program that writes archives
};

// Puts the app's root together in a mount namespace of our own and has it packed. Gives the packer's status,
// which says on its standard error why it failed. Throws Error if the pod has not exited, or never ran.
int export_app(const Pods& pods, const Pod& pod, const std::filesystem::path& data_dir,
               const ExportOptions& options);

} // namespace rkt
