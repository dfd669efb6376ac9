// SPDX-License-Identifier: Apache-2.0

#include "aci/tree.h"

#include "aci/attributes.h"
#include "base/error.h"

#include <algorithm>
#include <array>
#include <cerrno>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

namespace rkt {

namespace {

// A directory that is only implied by what lies in it.
TarEntry implied_directory(const std::string& path) {
    return {.path = path, .kind = EntryKind::Directory, .mode = 0755, .uid = ::geteuid(), .gid = ::getegid()};
}

// Into directory and name.
std::pair<std::string, std::string> divide(const std::string& path) {
    auto slash = path.rfind('/');
    if (slash == std::string::npos)
        return {"", path};
    return {path.substr(0, slash), path.substr(slash + 1)};
}

std::array<timespec, 2> times_of(const TarEntry& entry) {
    timespec time = {.tv_sec = static_cast<time_t>(entry.mtime), .tv_nsec = entry.mtime_nanoseconds};
    return {time, time};
}

bool is_ours(const TarEntry& entry) {
    return entry.uid == ::geteuid() && entry.gid == ::getegid();
}

// What was just made belongs to us, so most need no call.
void set_owner(int fd, const TarEntry& entry) {
    if (!is_ours(entry) && ::fchown(fd, entry.uid, entry.gid) != 0)
        throw SystemError(errno, "giving {} to {}:{}", entry.path, entry.uid, entry.gid);
}

// For what cannot be opened: `flags` is AT_SYMLINK_NOFOLLOW.
void set_owner_and_time(const Dir& parent, const std::string& name, const TarEntry& entry) {
    constexpr int flags = AT_SYMLINK_NOFOLLOW;
    if (!is_ours(entry) && ::fchownat(parent.fd(), name.c_str(), entry.uid, entry.gid, flags) != 0)
        throw SystemError(errno, "giving {} to {}:{}", entry.path, entry.uid, entry.gid);
    auto times = times_of(entry);
    if (::utimensat(parent.fd(), name.c_str(), times.data(), flags) != 0)
        throw SystemError(errno, "setting the time of {}", entry.path);
}

// The owner first: a change of it takes away set-id bits and capabilities.
void set_mode_and_time(int fd, const TarEntry& entry) {
    if (::fchmod(fd, entry.mode) != 0)
        throw SystemError(errno, "setting the mode of {}", entry.path);
    auto times = times_of(entry);
    if (::futimens(fd, times.data()) != 0)
        throw SystemError(errno, "setting the time of {}", entry.path);
}

void write_part(int fd, const Part& part, const TarEntry& entry) {
    Block rest = part.bytes;
    auto offset = static_cast<off_t>(part.offset);
    while (!rest.empty()) {
        ssize_t count = ::pwrite(fd, rest.data(), rest.size(), offset);
        if (count < 0 && errno != EINTR)
            throw SystemError(errno, "writing {}", entry.path);
        if (count > 0) {
            rest = rest.subspan(static_cast<std::size_t>(count));
            offset += count;
        }
    }
}

// Where no part was, a hole remains, also at the end.
void write_content(int fd, const TarEntry& entry, const Tree::Content& content) {
    std::uint64_t end = 0;
    while (std::optional<Part> part = content()) {
        write_part(fd, *part, entry);
        end = part->offset + part->bytes.size();
    }
    if (end < entry.size && ::ftruncate(fd, static_cast<off_t>(entry.size)) != 0)
        throw SystemError(errno, "writing {}", entry.path);
}

} // namespace

Tree::Tree(Dir root) : root_(std::move(root)) {}

void Tree::set_root(const TarEntry& entry) {
    directories_.insert_or_assign("", entry);
    implied_.erase("");
}

void Tree::set_fallback(const std::string& path, const TarEntry& entry) {
    fallbacks_.insert_or_assign(path, entry);
}

// Everything at the path and below it.
void Tree::forget(const std::string& path) {
    std::string below = path + "/";
    std::string end = path + "0"; // '0' comes after '/'
    directories_.erase(path);
    directories_.erase(directories_.lower_bound(below), directories_.lower_bound(end));
    implied_.erase(path);
    implied_.erase(implied_.lower_bound(below), implied_.lower_bound(end));
    parent_.reset();
}

void Tree::make_way(const std::string& path, bool keep_directory) {
    Dir dir = root_.open_plain(".");
    for (std::size_t begin = 0; begin < path.size();) {
        std::size_t end = std::min(path.find('/', begin), path.size());
        std::string name = path.substr(begin, end - begin);
        std::optional<struct stat> status = dir.status(name);
        if (!status)
            return;
        bool is_last = end == path.size();
        if (!S_ISDIR(status->st_mode) || (is_last && !keep_directory)) {
            dir.remove_tree(name);
            return forget(path.substr(0, end));
        }
        if (!is_last)
            dir = dir.open_plain(name);
        begin = end + 1;
    }
}

void Tree::set_attributes(int fd, const TarEntry& entry) {
    for (const auto& [name, value] : entry.attributes) {
        if (!is_kept_attribute(name))
            ignored_.insert(name);
        else if (::fsetxattr(fd, name.c_str(), value.data(), value.size(), 0) != 0)
            throw SystemError(errno, "setting the attribute {} of {}", name, entry.path);
    }
}

Dir Tree::make_parents(const std::string& path) {
    if (std::optional<Dir> dir = root_.find_plain(path.empty() ? "." : path))
        return std::move(*dir);
    // From directory to directory: the whole path for each would cost its depth squared.
    Dir dir = root_.open_plain(".");
    for (std::size_t begin = 0; begin < path.size();) {
        std::size_t end = std::min(path.find('/', begin), path.size());
        std::string name = path.substr(begin, end - begin);
        std::optional<Dir> next = dir.find_plain(name);
        if (!next) {
            dir.make_dir(name, 0700);
            implied_.insert(path.substr(0, end));
            next = dir.open_plain(name);
        }
        dir = std::move(*next);
        begin = end + 1;
    }
    return dir;
}

const Dir& Tree::parent_of(const std::string& path) {
    std::string parent_path = divide(path).first;
    if (!parent_ || parent_path != parent_path_) {
        parent_ = make_parents(parent_path);
        parent_path_ = parent_path;
    }
    return *parent_;
}

void Tree::add_file(const Dir& parent, const std::string& name, const TarEntry& entry,
                    const Content& content) {
    Fd fd = parent.make_file(name, 0600);
    write_content(fd.get(), entry, content);
    set_owner(fd.get(), entry);
    set_attributes(fd.get(), entry);
    set_mode_and_time(fd.get(), entry);
}

void Tree::add_directory(const Dir& parent, const std::string& name, const std::string& path,
                         const TarEntry& entry) {
    // It may have been implied by what came before it.
    if (::mkdirat(parent.fd(), name.c_str(), 0700) != 0 && errno != EEXIST)
        throw SystemError(errno, "making {}", entry.path);
    directories_.insert_or_assign(path, entry);
    implied_.erase(path);
}

void Tree::add_hard_link(const Dir& parent, const std::string& name, const std::string& target) {
    auto [target_directory, target_name] = divide(target);
    Dir from = root_.open_plain(target_directory.empty() ? "." : target_directory);
    if (::linkat(from.fd(), target_name.c_str(), parent.fd(), name.c_str(), 0) != 0)
        throw SystemError(errno, "linking {} to {}", name, target);
}

void Tree::add_symlink(const Dir& parent, const std::string& name, const TarEntry& entry) {
    if (::symlinkat(entry.target.c_str(), parent.fd(), name.c_str()) != 0)
        throw SystemError(errno, "making {}", entry.path);
    set_owner_and_time(parent, name, entry);
}

void Tree::add_fifo(const Dir& parent, const std::string& name, const TarEntry& entry) {
    if (::mkfifoat(parent.fd(), name.c_str(), 0600) != 0)
        throw SystemError(errno, "making {}", entry.path);
    set_owner_and_time(parent, name, entry);
    // It was made here and now, so it is no link.
    if (::fchmodat(parent.fd(), name.c_str(), entry.mode, 0) != 0)
        throw SystemError(errno, "setting the mode of {}", entry.path);
}

void Tree::add(const Placed& placed, const TarEntry& entry, const Content& content) {
    const Dir& parent = parent_of(placed.path);
    std::string name = divide(placed.path).second;
    switch (entry.kind) {
    case EntryKind::File:
        return add_file(parent, name, entry, content);
    case EntryKind::Directory:
        return add_directory(parent, name, placed.path, entry);
    case EntryKind::HardLink:
        return add_hard_link(parent, name, placed.target);
    case EntryKind::Symlink:
        return add_symlink(parent, name, entry);
    case EntryKind::Fifo:
        return add_fifo(parent, name, entry);
    default:
        throw Error("{} is not to be made", entry.path);
    }
}

void Tree::finish() {
    for (const std::string& path : implied_) {
        auto fallback = fallbacks_.find(path);
        directories_.insert_or_assign(path, fallback == fallbacks_.end() ? implied_directory(path)
                                                                         : fallback->second);
    }
    // From the end, where the deepest are: a directory that nobody may enter is closed last.
    for (auto at = directories_.rbegin(); at != directories_.rend(); ++at) {
        const auto& [path, entry] = *at;
        Dir dir = root_.open_plain(path.empty() ? "." : path);
        set_owner(dir.fd(), entry);
        set_attributes(dir.fd(), entry);
        set_mode_and_time(dir.fd(), entry);
    }
}

} // namespace rkt
