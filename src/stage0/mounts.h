// SPDX-License-Identifier: Apache-2.0
//
// A pod's mounts, which live in one mount namespace and end with the last process in it.

#pragma once

#include "os/fd.h"
#include "os/mount.h"
#include "pod/layout.h"
#include "pod/user-range.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace rkt {

struct AppLayers {
    std::string app;
    std::vector<std::filesystem::path> layers; // uppermost first
};

// Users of its own for a pod of these layers. Nothing if this kernel, or a file system that a layer lies on,
// cannot show files as theirs: `reason` is what to say then. Throws Error for whatever else hinders.
std::optional<PodUsers> find_users(const Pods& pods, const PodLock& pod, const std::vector<AppLayers>& apps,
                                   std::string& reason);

// Enters a mount namespace of our own and puts the pod together there: stage1 as an overlay, an overlay of
// its layers for each app, the journal's directory, and the FIFO by which stage1 tells of apps that have
// ended. With users of its own everything that the pod's root owns in the layers is theirs, and nothing is
// changed on disk but what is the pod's own.
void mount_pod(const PodLayout& pod, const std::filesystem::path& stage1_rootfs,
               const std::vector<AppLayers>& apps, const std::optional<PodUsers>& users);

// In a mount namespace of our own: the stage1 image at its place in the pod, as it is, or with what the pod
// has written.
void remount_stage1(const PodLayout& pod, const std::filesystem::path& stage1_rootfs, bool written);

// Takes it apart again, in that namespace: a pod that did not come to be can be removed then.
void unmount_pod(const PodLayout& pod) noexcept;

// The root of an app that comes to a running pod, as a mount that stands nowhere yet. Enters
// a mount namespace of our own to make it. Throws Error if a layer cannot be shown as the pod's users'.
DetachedMount mount_app(const PodLayout& pod, const AppLayers& app, const std::optional<PodUsers>& users);

// A root of these layers, uppermost first, on which nothing is mounted yet and of which nothing stays: what
// is written is lost. It has app/, dev/, proc/ and sys/. Enters a mount namespace of our own to make it.
DetachedMount mount_tools(const PodLayout& pod, const std::vector<std::filesystem::path>& layers);

} // namespace rkt
