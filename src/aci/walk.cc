// SPDX-License-Identifier: Apache-2.0

#include "aci/walk.h"

#include "base/error.h"
#include "base/text.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <map>
#include <utility>

#include <fcntl.h>
#include <linux/limits.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

namespace rkt {

namespace {

constexpr std::size_t buffer_size = 1 << 18;

EntryKind kind_of(mode_t mode) {
    switch (mode & S_IFMT) {
    case S_IFREG:
        return EntryKind::File;
    case S_IFDIR:
        return EntryKind::Directory;
    case S_IFLNK:
        return EntryKind::Symlink;
    case S_IFIFO:
        return EntryKind::Fifo;
    case S_IFSOCK:
        return EntryKind::Socket;
    case S_IFCHR:
        return EntryKind::CharacterDevice;
    case S_IFBLK:
        return EntryKind::BlockDevice;
    default:
        return EntryKind::Other;
    }
}

TarEntry entry_of(const std::string& path, const struct stat& status) {
    TarEntry entry = {.path = path,
                      .kind = kind_of(status.st_mode),
                      .mode = status.st_mode & 07777,
                      .uid = status.st_uid,
                      .gid = status.st_gid,
                      .mtime = status.st_mtim.tv_sec,
                      .mtime_nanoseconds = static_cast<std::uint32_t>(status.st_mtim.tv_nsec),
                      .major = ::major(status.st_rdev),
                      .minor = ::minor(status.st_rdev)};
    if (entry.kind == EntryKind::File)
        entry.size = static_cast<std::uint64_t>(status.st_size);
    return entry;
}

std::string attribute(int fd, const std::string& name, const std::string& path) {
    std::string value(XATTR_SIZE_MAX, '\0');
    ssize_t size = ::fgetxattr(fd, name.c_str(), value.data(), value.size());
    if (size < 0)
        throw SystemError(errno, "reading the attribute {} of {}", name, path);
    value.resize(static_cast<std::size_t>(size));
    return value;
}

void read_attributes(int fd, TarEntry& entry) {
    std::array<char, XATTR_LIST_MAX> list = {};
    ssize_t size = ::flistxattr(fd, list.data(), list.size());
    if (size < 0 && errno != ENOTSUP)
        throw SystemError(errno, "reading the attributes of {}", entry.path);
    std::string_view names(list.data(), static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
    for (std::string_view name : split(names, '\0'))
        if (!name.empty())
            entry.attributes.emplace_back(name, attribute(fd, std::string(name), entry.path));
    std::sort(entry.attributes.begin(), entry.attributes.end());
}

std::string link_target(const Dir& dir, const std::string& name) {
    std::string target(PATH_MAX, '\0');
    ssize_t size = ::readlinkat(dir.fd(), name.c_str(), target.data(), target.size());
    if (size < 0)
        throw SystemError(errno, "reading the link {} in {}", name, dir.path());
    target.resize(static_cast<std::size_t>(size));
    return target;
}

class Walk {
public:
    Walk(const Dir& root, const Visit& visit) : root_(root), visit_(visit) {}

    // Holds no descriptor while it goes down, so that depth costs none.
    void walk(const std::string& path) {
        for (const std::string& below : visit_directory(path))
            walk(below);
    }

private:
    // Gives the directories in it.
    std::vector<std::string> visit_directory(const std::string& path) {
        Dir dir = root_.open_plain(path.empty() ? "." : path);
        struct stat status = {};
        if (::fstat(dir.fd(), &status) != 0)
            throw SystemError(errno, "looking at {}", dir.path());
        TarEntry entry = entry_of(path, status);
        read_attributes(dir.fd(), entry);
        visit_(entry, -1);
        std::vector<std::string> names = dir.names();
        std::sort(names.begin(), names.end());
        std::vector<std::string> directories;
        for (const std::string& name : names) {
            std::string below = path.empty() ? name : fmt::format("{}/{}", path, name);
            std::optional<struct stat> found = dir.status(name);
            if (found && S_ISDIR(found->st_mode))
                directories.push_back(below);
            else if (found)
                visit_file(dir, name, entry_of(below, *found), *found);
        }
        return directories;
    }

    void visit_file(const Dir& dir, const std::string& name, TarEntry entry, const struct stat& status) {
        if (entry.kind == EntryKind::Symlink)
            entry.target = link_target(dir, name);
        if (entry.kind != EntryKind::File)
            return visit_(entry, -1);
        Fd fd(::openat(dir.fd(), name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
        if (!fd)
            throw SystemError(errno, "opening {} in {}", name, dir.path());
        read_attributes(fd.get(), entry);
        if (status.st_nlink > 1) {
            auto [first, is_new] = links_.emplace(std::pair(status.st_dev, status.st_ino), entry.path);
            if (!is_new) {
                entry.kind = EntryKind::HardLink;
                entry.target = first->second;
            }
        }
        visit_(entry, fd.get());
    }

    const Dir& root_;
    const Visit& visit_;
    std::map<std::pair<dev_t, ino_t>, std::string> links_;
};

} // namespace

void walk_tree(const Dir& root, const Visit& visit) {
    Walk(root, visit).walk("");
}

std::vector<Extent> extents_of(int fd, std::uint64_t size) {
    std::vector<Extent> extents;
    auto end = static_cast<off_t>(size);
    for (off_t at = 0; at < end;) {
        off_t begin = ::lseek(fd, at, SEEK_DATA);
        if (begin < 0 && errno == ENXIO)
            break;
        off_t hole = begin < 0 ? -1 : ::lseek(fd, begin, SEEK_HOLE);
        if (hole < 0) // of a file system that knows no holes
            return {{.offset = 0, .size = size}};
        hole = std::min(hole, end);
        extents.push_back(
            {.offset = static_cast<std::uint64_t>(begin), .size = static_cast<std::uint64_t>(hole - begin)});
        at = hole;
    }
    return extents;
}

FileParts::FileParts(int fd, std::uint64_t size, std::string path)
    : fd_(fd), path_(std::move(path)), extents_(extents_of(fd, size)),
      buffer_(static_cast<std::size_t>(std::min<std::uint64_t>(size, buffer_size))) {}

std::optional<Part> FileParts::next() {
    while (at_ < extents_.size() && extents_[at_].size == 0)
        ++at_;
    if (at_ == extents_.size())
        return std::nullopt;
    Extent& extent = extents_[at_];
    std::size_t wanted = std::min<std::size_t>(extent.size, buffer_.size());
    ssize_t count = ::pread(fd_, buffer_.data(), wanted, static_cast<off_t>(extent.offset));
    if (count < 0)
        throw SystemError(errno, "reading {}", path_);
    if (count == 0)
        throw Error("reading {}: it became shorter meanwhile", path_);
    Part part = {.offset = extent.offset, .bytes = {buffer_.data(), static_cast<std::size_t>(count)}};
    extent.offset += static_cast<std::uint64_t>(count);
    extent.size -= static_cast<std::uint64_t>(count);
    return part;
}

} // namespace rkt
