// SPDX-License-Identifier: Apache-2.0

#include "os/mount.h"

#include "base/error.h"
#include "os/fd.h"

#include <cerrno>

#include <fcntl.h>
#include <linux/magic.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

namespace rkt {

namespace {

// A directory by its descriptor: a short name without any character that overlayfs would take for its own.
class Named {
public:
    explicit Named(const std::filesystem::path& path)
        : fd_(::open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)) {
        if (!fd_)
            throw SystemError(errno, "opening {}", path);
    }
    std::string name() const { return fmt::format("/proc/self/fd/{}", fd_.get()); }

private:
    Fd fd_;
};

bool lies_on_overlay(const std::filesystem::path& path) noexcept {
    struct statfs status = {};
    return ::statfs(path.c_str(), &status) == 0 && status.f_type == OVERLAYFS_SUPER_MAGIC;
}

std::string lower_option(const std::vector<Named>& lowers) {
    std::string option = "lowerdir=";
    for (const Named& lower : lowers) {
        if (&lower != &lowers.front())
            option += ':';
        option += lower.name();
    }
    return option;
}

} // namespace

void enter_private_mounts() {
    if (::unshare(CLONE_NEWNS) < 0)
        throw SystemError(errno, "making a mount namespace");
    if (::mount(nullptr, "/", nullptr, MS_REC | MS_SLAVE, nullptr) < 0)
        throw SystemError(errno, "keeping mounts from leaving the mount namespace");
}

MountNamespace MountNamespace::own() {
    Fd fd(::open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC));
    if (!fd)
        throw SystemError(errno, "opening our mount namespace");
    return MountNamespace(std::move(fd));
}

void MountNamespace::enter() const {
    if (::setns(fd_.get(), CLONE_NEWNS) < 0)
        throw SystemError(errno, "entering a mount namespace");
}

void mount_overlay(const Overlay& overlay) {
    std::vector<Named> lowers(overlay.lowers.begin(), overlay.lowers.end());
    Named upper(overlay.upper);
    Named work(overlay.work);
    std::string options =
        fmt::format("{},upperdir={},workdir={}", lower_option(lowers), upper.name(), work.name());
    if (::mount("overlay", overlay.target.c_str(), "overlay", MS_NODEV, options.c_str()) == 0)
        return;
    int code = errno;
    if (code == EINVAL && lies_on_overlay(overlay.upper))
        throw Error(
            "mounting {}: {} lies on an overlay file system, on which no other overlay can be written: "
            "put the data directory (--dir) on another file system",
            overlay.target, overlay.upper);
    throw SystemError(code, "mounting an overlay at {}", overlay.target);
}

void mount_memory(const std::filesystem::path& target) {
    if (::mount("tmpfs", target.c_str(), "tmpfs", MS_NODEV, "mode=0700") < 0)
        throw SystemError(errno, "mounting a tmpfs at {}", target);
}

void mount_overlay_to_read(const std::vector<std::filesystem::path>& lowers,
                           const std::filesystem::path& target) {
    std::vector<Named> named(lowers.begin(), lowers.end());
    unsigned long flags = MS_RDONLY | MS_NODEV | MS_NOSUID;
    if (::mount("overlay", target.c_str(), "overlay", flags, lower_option(named).c_str()) < 0)
        throw SystemError(errno, "mounting an overlay at {}", target);
}

void bind_mount(const std::filesystem::path& source, const std::filesystem::path& target) {
    if (::mount(source.c_str(), target.c_str(), nullptr, MS_BIND, nullptr) < 0)
        throw SystemError(errno, "binding {} at {}", source, target);
}

DetachedMount DetachedMount::copy(int fd, bool recursive) {
    unsigned flags = OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH;
    Fd tree(::open_tree(fd, "", recursive ? flags | AT_RECURSIVE : flags));
    if (!tree)
        throw SystemError(errno, "copying a mount");
    return DetachedMount(std::move(tree));
}

void DetachedMount::set(std::uint64_t attributes) {
    mount_attr wanted = {.attr_set = attributes, .attr_clr = 0, .propagation = 0, .userns_fd = 0};
    if (::mount_setattr(fd_.get(), "", AT_EMPTY_PATH | AT_RECURSIVE, &wanted, sizeof wanted) < 0)
        throw SystemError(errno, "changing a mount");
}

void DetachedMount::make_read_only() {
    set(MOUNT_ATTR_RDONLY);
}

void DetachedMount::make_harmless() {
    set(MOUNT_ATTR_NODEV | MOUNT_ATTR_NOSUID);
}

bool DetachedMount::map_owners(int user_namespace) {
    mount_attr wanted = {.attr_set = MOUNT_ATTR_IDMAP,
                         .attr_clr = 0,
                         .propagation = 0,
                         .userns_fd = static_cast<std::uint64_t>(user_namespace)};
    if (::mount_setattr(fd_.get(), "", AT_EMPTY_PATH | AT_RECURSIVE, &wanted, sizeof wanted) == 0)
        return true;
    if (errno == EINVAL || errno == ENOSYS || errno == EPERM)
        return false;
    throw SystemError(errno, "mapping the owners of a mount");
}

void DetachedMount::attach(int target) {
    if (::move_mount(fd_.get(), "", target, "", MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH) < 0)
        throw SystemError(errno, "putting a mount in its place");
}

void copy_ownership(const std::filesystem::path& from, const std::filesystem::path& to) {
    struct stat status = {};
    if (::stat(from.c_str(), &status) < 0)
        throw SystemError(errno, "reading the owner of {}", from);
    if (::chown(to.c_str(), status.st_uid, status.st_gid) < 0 ||
        ::chmod(to.c_str(), status.st_mode & 07777) < 0)
        throw SystemError(errno, "giving {} to its owner", to);
}

} // namespace rkt
