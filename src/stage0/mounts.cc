// SPDX-License-Identifier: Apache-2.0

#include "stage0/mounts.h"

#include "base/error.h"
#include "os/dir.h"
#include "os/file.h"
#include "os/mount.h"

#include <cerrno>

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

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

// A layer as the pod's users see it: a place below the pod that shows it, or the layer itself where it cannot
// be shown otherwise.
class Layers {
public:
    Layers(const PodLayout& pod, const std::optional<PodUsers>& users) : pod_(pod), users_(users) {}

    std::filesystem::path see(const std::filesystem::path& layer) {
        if (!users_)
            return layer;
        DetachedMount copy = copy_layer(layer);
        if (!copy.map_owners(users_->space.get()))
            return layer;
        std::filesystem::path place = pod_.mapped_layer(count_++);
        std::filesystem::create_directories(place);
        Fd target(::open(place.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
        if (!target)
            throw SystemError(errno, "opening {}", place);
        copy.attach(target.get());
        return place;
    }

    static DetachedMount copy_layer(const std::filesystem::path& layer) {
        Fd fd(::open(layer.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
        if (!fd)
            throw SystemError(errno, "opening {}", layer);
        return DetachedMount::copy(fd.get(), false);
    }

private:
    const PodLayout& pod_;
    const std::optional<PodUsers>& users_;
    std::size_t count_ = 0;
};

// Files over which the pod's own are mounted have to be there. They are in a layer of their own, below the
// images', so that they are no part of what the apps write: rkt export does not take them along.
void add_bare_layer(std::vector<std::filesystem::path>& seen, const PodLayout& pod, Layers& layers) {
    std::filesystem::path etc = pod.bare_layer() / "etc";
    if (std::filesystem::create_directories(etc))
        for (const auto& file : {pod.hosts(), pod.resolv_conf()})
            if (std::filesystem::exists(file))
                write_plainly(etc / file.filename(), "");
    seen.push_back(layers.see(pod.bare_layer()));
}

// What the pod's root writes to is its own.
void give(const std::filesystem::path& file, const std::optional<PodUsers>& users) {
    if (users && ::lchown(file.c_str(), users->range.shift, users->range.shift) < 0)
        throw SystemError(errno, "giving {} to the pod", file);
}

// Empty if all files can be shown as the users'.
std::string why_not_mapped(const std::vector<AppLayers>& apps, const PodUsers& users) {
    for (const AppLayers& app : apps)
        for (const std::filesystem::path& layer : app.layers)
            if (!Layers::copy_layer(layer).map_owners(users.space.get()))
                return fmt::format("this kernel cannot map the owners of files on the file system of {}",
                                   layer);
    return "";
}

void forget_range(const PodLayout& pod) {
    std::error_code ignored;
    std::filesystem::remove(pod.user_range(), ignored);
}

} // namespace

std::optional<PodUsers> find_users(const Pods& pods, const PodLock& pod, const std::vector<AppLayers>& apps,
                                   std::string& reason) {
    try {
        PodUsers users = make_users(claim_range(pods, pod));
        reason = why_not_mapped(apps, users);
        if (reason.empty())
            return users;
    } catch (const NoUserNamespaces& error) {
        reason = error.what();
    } catch (Error& error) {
        forget_range(pod.layout());
        error.during("giving the pod users of its own");
        throw;
    }
    forget_range(pod.layout());
    return std::nullopt;
}

void mount_pod(const PodLayout& pod, const std::filesystem::path& stage1_rootfs,
               const std::vector<AppLayers>& apps, const std::optional<PodUsers>& users) {
    enter_private_mounts();
    Layers layers(pod, users);
    std::filesystem::create_directories(pod.stage1_rootfs());
    mount_overlay(make_overlay(pod.stage1_overlay(), {layers.see(stage1_rootfs)}, pod.stage1_rootfs()));
    for (const AppLayers& app : apps) {
        std::filesystem::create_directories(pod.app_rootfs(app.app));
        std::vector<std::filesystem::path> seen;
        for (const std::filesystem::path& layer : app.layers)
            seen.push_back(layers.see(layer));
        add_bare_layer(seen, pod, layers);
        mount_overlay(make_overlay(pod.app_overlay(app.app), std::move(seen), pod.app_rootfs(app.app)));
    }
    std::filesystem::create_directories(pod.stage1_rootfs() / "rkt" / "status");
    give(pod.stage1_rootfs() / "rkt" / "status", users);
    make_fifo(pod.events());
    give(pod.events(), users);
    std::filesystem::create_directories(pod.stage1_rootfs() / "var" / "log" / "journal");
    bind_mount(pod.journal(), pod.stage1_rootfs() / "var" / "log" / "journal");
    give(pod.journal(), users);
    for (const auto& entry : std::filesystem::directory_iterator(pod.journal()))
        give(entry.path(), users);
}

void remount_stage1(const PodLayout& pod, const std::filesystem::path& stage1_rootfs, bool written) {
    enter_private_mounts();
    if (written)
        mount_overlay(make_overlay(pod.stage1_overlay(), {stage1_rootfs}, pod.stage1_rootfs()));
    else
        bind_mount(stage1_rootfs, pod.stage1_rootfs());
}

void unmount_pod(const PodLayout& pod) noexcept {
    constexpr int flags = MNT_DETACH | UMOUNT_NOFOLLOW;
    ::umount2(pod.stage1_rootfs().c_str(), flags);
    for (std::size_t number = 0; ::umount2(pod.mapped_layer(number).c_str(), flags) == 0; ++number) {
    }
}

DetachedMount mount_app(const PodLayout& pod, const AppLayers& app, const std::optional<PodUsers>& users) {
    enter_private_mounts();
    Layers layers(pod, users);
    std::vector<std::filesystem::path> seen;
    for (const std::filesystem::path& layer : app.layers)
        seen.push_back(layers.see(layer));
    if (users && seen == app.layers)
        throw Error("this kernel cannot map the owners of files on the file system of {}", seen.front());
    add_bare_layer(seen, pod, layers);
    std::filesystem::path place = pod.stage1_rootfs(); // where nobody outside a pod's mounts keeps anything
    mount_overlay(make_overlay(pod.app_overlay(app.app), std::move(seen), place));
    return DetachedMount::copy(Dir::open(place).fd(), false);
}

DetachedMount mount_tools(const PodLayout& pod, const std::vector<std::filesystem::path>& layers) {
    enter_private_mounts();
    std::filesystem::path place = pod.stage1_rootfs(); // where nobody outside a pod's mounts keeps anything
    mount_memory(place);
    Overlay overlay = make_overlay(place, layers, place / "root");
    std::filesystem::create_directory(overlay.target);
    for (const char* dir : {"app", "dev", "proc", "sys"})
        std::filesystem::create_directory(overlay.upper / dir);
    mount_overlay(overlay);
    return DetachedMount::copy(Dir::open(overlay.target).fd(), false);
}

} // namespace rkt
