// SPDX-License-Identifier: Apache-2.0
//
// The stage1 image that runs a pod, and the contract by which it is called: entry points named by annotations
// of its manifest, started in the pod's directory, with the arguments of the interface version it names.
//
// One that was made for the first rkt works too. What only ours does is not asked of it: it gets its terminal
// and prints by itself, registers its machine itself or not at all, and has no users of its own.

#pragma once

#include "appc/name.h"
#include "pod/layout.h"
#include "pod/pod.h"
#include "store/pin.h"

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace rkt {

struct Stage1 {
    // Throws Error for what is no manifest. `uses` is what it is made of, if it is of the store.
    Stage1(std::filesystem::path root_, std::string manifest_, Pin uses_ = {});

    std::filesystem::path root; // the image's root file system, which is only read
    std::string manifest;       // its text
    Pin uses;
    std::map<std::string, std::string, std::less<>> annotations; // those for us, without what they begin with

    // 1 if the manifest names none.
    int interface_version() const;

    // Whether the image has that name and version.
    bool is(const AcIdentifier& name, std::string_view version) const;

    // Whether it tells of its leader and of its apps' ends, and its entry points work where they lie.
    bool is_ours() const;

    // The path of an entry point ("run", "enter", "stop", "gc") inside the root, without the leading slash.
    // Throws Error if the image has none.
    std::filesystem::path entry_point(std::string_view name) const;
};

// The one that was built with this program: beside it in the build tree, or where it was installed.
Stage1 find_stage1();

// The one a pod was prepared with.
Stage1 stage1_of(const PodLayout& pod);

// Runs an entry point of the image in the pod's directory until its end, and gives its status. One that is
// not ours has a mount namespace of its own with the image at stage1/rootfs; `written` says that what the pod
// has written there is to be seen too, which only a pod that does not run allows.
int call_entry(const Pod& pod, std::string_view name, const std::vector<std::string>& arguments,
               bool written);

} // namespace rkt
