// SPDX-License-Identifier: Apache-2.0
//
// Mounts in a mount namespace of our own: they end with the last process in it, so nothing has
// to be unmounted and nothing can leak.

#pragma once

#include "os/fd.h"

#include <cstdint>
#include <filesystem>
#include <vector>

namespace rkt {

struct Overlay {
    std::vector<std::filesystem::path> lowers; // uppermost first
    std::filesystem::path upper;
    std::filesystem::path work;
    std::filesystem::path target;
};

// Leaves the mount namespace we were in. What is mounted there later still reaches us; nothing of ours goes
// back.
void enter_private_mounts();

// Where we stand now, to come back to: what is to be unmounted for all must be unmounted there.
class MountNamespace {
public:
    static MountNamespace own();

    // Throws SystemError.
    void enter() const;

private:
    explicit MountNamespace(Fd fd) noexcept : fd_(std::move(fd)) {}

    Fd fd_;
};

// Stacks the directories (overlayfs). Device nodes in them open nothing: an app that may make one (CAP_MKNOD)
// must not thereby get at the host's disks. The target shows the mode and the owner of `upper`. Throws
// SystemError; a data directory that itself lies on an overlay is said in words.
void mount_overlay(const Overlay& overlay);

// The same for who only reads: two directories or more, uppermost first. Whiteouts in any of them count.
void mount_overlay_to_read(const std::vector<std::filesystem::path>& lowers,
                           const std::filesystem::path& target);

// An empty directory in memory, for root alone.
void mount_memory(const std::filesystem::path& target);

void bind_mount(const std::filesystem::path& source, const std::filesystem::path& target);

// A copy of a mount that stands nowhere yet, so that it can be made what it is to be before anybody sees it
// (open_tree(2)). All throw SystemError.
class DetachedMount {
public:
    // Of the file or directory that the descriptor refers to; with what is mounted below it if asked.
    static DetachedMount copy(int fd, bool recursive);

    // One that another process has made and handed to this one.
    static DetachedMount take(Fd mount) noexcept { return DetachedMount(std::move(mount)); }

    // With all below it: nothing can be written; devices in it open nothing, setuid bits count for nothing.
    void make_read_only();
    void make_harmless();

    // The owners of its files are seen as the user namespace maps them. False if the file system, or this
    // kernel, cannot do that.
    [[nodiscard]] bool map_owners(int user_namespace);

    // For handing it to another process, which may put it into a tree of its own.
    int fd() const noexcept { return fd_.get(); }

    // Puts it on top of what the descriptor refers to.
    void attach(int target);

private:
    explicit DetachedMount(Fd fd) noexcept : fd_(std::move(fd)) {}
    void set(std::uint64_t attributes);

    Fd fd_;
};

// Gives a directory the mode and the owner of another.
void copy_ownership(const std::filesystem::path& from, const std::filesystem::path& to);

} // namespace rkt
