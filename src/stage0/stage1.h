// SPDX-License-Identifier: Apache-2.0
//
// The stage1 image that runs a pod, and the contract by which it is called: entry points named by annotations
// of its manifest, started in the pod's directory.

#pragma once

#include "pod/layout.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace rkt {

struct Stage1 {
    std::filesystem::path tree; // the directory that holds manifest and rootfs/
    std::string manifest;       // its text
    int interface_version = 1;

    std::filesystem::path rootfs() const { return tree / "rootfs"; }

    // The path of an entry point ("run", "enter", "stop", "gc") inside the rootfs, without the leading slash.
    // Throws Error if the image has none.
    std::filesystem::path entry_point(std::string_view name) const;
};

// The one that was built with this program: beside it in the build tree, or where it was installed.
Stage1 find_stage1();

// The one a pod was prepared with.
Stage1 stage1_of(const PodLayout& pod);

} // namespace rkt
