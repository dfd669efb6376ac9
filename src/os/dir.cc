// SPDX-License-Identifier: Apache-2.0

#include "os/dir.h"

#include "base/error.h"
#include "os/open.h"
#include "os/remove.h"

#include <cerrno>
#include <cstdio>

#include <linux/openat2.h>
#include <unistd.h>

namespace rkt {

Dir Dir::open(const std::filesystem::path& path) {
    std::optional<Dir> dir = find(path);
    if (!dir)
        throw SystemError(ENOENT, "opening {}", path);
    return std::move(*dir);
}

std::optional<Dir> Dir::find(const std::filesystem::path& path) {
    Fd fd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (fd)
        return Dir(std::move(fd), path);
    if (errno == ENOENT)
        return std::nullopt;
    throw SystemError(errno, "opening {}", path);
}

Fd Dir::duplicate() const {
    Fd fd(::fcntl(fd_.get(), F_DUPFD_CLOEXEC, 0));
    if (!fd)
        throw SystemError(errno, "duplicating the descriptor of {}", path_);
    return fd;
}

std::optional<Fd> Dir::open_beneath(const std::filesystem::path& path, int flags) const {
    Fd fd = open_resolved(fd_.get(), path.c_str(), flags, RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS);
    if (fd)
        return fd;
    if (errno == ENOENT || errno == ENOTDIR)
        return std::nullopt;
    throw SystemError(errno, "opening {} in {}", path, path_);
}

Dir Dir::open_plain(const std::filesystem::path& path) const {
    std::optional<Dir> dir = find_plain(path);
    if (!dir)
        throw SystemError(ENOENT, "opening {} in {}", path, path_);
    return std::move(*dir);
}

std::optional<Dir> Dir::find_plain(const std::filesystem::path& path) const {
    Fd fd = open_resolved(fd_.get(), path.c_str(), O_RDONLY | O_DIRECTORY,
                          RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_XDEV);
    if (fd)
        return Dir(std::move(fd), path_ / path);
    if (errno == ENOENT)
        return std::nullopt;
    throw SystemError(errno, "opening {} in {}", path, path_);
}

void Dir::make_dir(const std::string& name, mode_t mode) const {
    if (::mkdirat(fd_.get(), name.c_str(), mode) != 0)
        throw SystemError(errno, "making {} in {}", name, path_);
}

Fd Dir::make_file(const std::string& name, mode_t mode) const {
    Fd fd(::openat(fd_.get(), name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode));
    if (!fd)
        throw SystemError(errno, "making {} in {}", name, path_);
    return fd;
}

void Dir::rename(const std::string& name, const Dir& target, const std::string& new_name) const {
    if (::renameat(fd_.get(), name.c_str(), target.fd(), new_name.c_str()) != 0)
        throw SystemError(errno, "moving {} from {} to {}", name, path_, target.path());
}

bool Dir::rename_if_free(const std::string& name, const Dir& target, const std::string& new_name) const {
    if (::renameat2(fd_.get(), name.c_str(), target.fd(), new_name.c_str(), RENAME_NOREPLACE) == 0)
        return true;
    if (errno == EEXIST)
        return false;
    throw SystemError(errno, "moving {} from {} to {}", name, path_, target.path());
}

void Dir::exchange(const std::string& name, const std::string& other) const {
    if (::renameat2(fd_.get(), name.c_str(), fd_.get(), other.c_str(), RENAME_EXCHANGE) != 0)
        throw SystemError(errno, "exchanging {} and {} in {}", name, other, path_);
}

std::optional<struct stat> Dir::status(const std::string& name) const {
    struct stat status = {};
    if (::fstatat(fd_.get(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0)
        return status;
    if (errno == ENOENT)
        return std::nullopt;
    throw SystemError(errno, "looking at {} in {}", name, path_);
}

std::vector<std::string> Dir::names() const {
    // A descriptor of its own, since reading moves the position.
    DirStream stream = open_stream(open_resolved(fd_.get(), ".", O_RDONLY | O_DIRECTORY, 0));
    if (!stream)
        throw SystemError(errno, "reading {}", path_);

    std::vector<std::string> names;
    errno = 0;
    while (const dirent* entry = ::readdir(stream.get()))
        if (!is_dot(entry->d_name))
            names.emplace_back(entry->d_name);
    if (errno != 0)
        throw SystemError(errno, "reading {}", path_);
    return names;
}

void Dir::remove_tree(const std::string& name) const {
    rkt::remove_tree(fd_.get(), name, path_);
}

void Dir::sync() const {
    if (::fsync(fd_.get()) != 0)
        throw SystemError(errno, "syncing {}", path_);
}

} // namespace rkt
