// SPDX-License-Identifier: Apache-2.0

#include "stage0/mounts.h"

#include "base/error.h"
#include "os/mount.h"

#include <cerrno>

#include <sys/mount.h>
#include <sys/stat.h>

namespace rkt {

namespace {

// An overlay of the layers, written to `place`/upper, which looks like the topmost layer from the start.
Overlay make_overlay(const std::filesystem::path& place, std::vector<std::filesystem::path> lowers,
                     const std::filesystem::path& target) {
    Overlay overlay = {
        .lowers = std::move(lowers), .upper = place / "upper", .work = place / "work", .target = target};
    std::filesystem::create_directories(overlay.upper);
    std::filesystem::create_directories(overlay.work);
    copy_ownership(overlay.lowers.front(), overlay.upper);
    return overlay;
}

void make_fifo(const std::filesystem::path& file) {
    if (::mkfifo(file.c_str(), 0600) < 0 && errno != EEXIST)
        throw SystemError(errno, "making {}", file);
}

} // namespace

void mount_pod(const PodLayout& pod, const std::filesystem::path& stage1_rootfs,
               const std::vector<AppLayers>& apps) {
    enter_private_mounts();
    std::filesystem::create_directories(pod.stage1_rootfs());
    mount_overlay(make_overlay(pod.stage1_overlay(), {stage1_rootfs}, pod.stage1_rootfs()));
    for (const AppLayers& app : apps) {
        std::filesystem::create_directories(pod.app_rootfs(app.app));
        mount_overlay(make_overlay(pod.app_overlay(app.app), app.layers, pod.app_rootfs(app.app)));
    }
    std::filesystem::create_directories(pod.stage1_rootfs() / "rkt" / "status");
    make_fifo(pod.events());
    std::filesystem::create_directories(pod.stage1_rootfs() / "var" / "log" / "journal");
    bind_mount(pod.journal(), pod.stage1_rootfs() / "var" / "log" / "journal");
}

void unmount_pod(const PodLayout& pod) noexcept {
    ::umount2(pod.stage1_rootfs().c_str(), MNT_DETACH | UMOUNT_NOFOLLOW);
}

} // namespace rkt
