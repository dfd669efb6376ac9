// SPDX-License-Identifier: Apache-2.0

#include "aci/compare.h"

#include "aci/attributes.h"
#include "aci/walk.h"
#include "base/error.h"
#include "wrap/archive.h"

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <map>
#include <span>
#include <string_view>
#include <vector>

#include <unistd.h>

namespace rkt {

namespace {

constexpr std::size_t buffer_size = 1 << 18;

constexpr std::string_view other_time = "its time is another";

using Entries = std::map<std::string, TarEntry>;

// What the host keeps for itself is no part of the image.
void drop_attributes_of_host(TarEntry& entry) {
    std::erase_if(entry.attributes, [](const auto& attribute) {
        return !is_kept_attribute(attribute.first) && !is_obeyed_attribute(attribute.first);
    });
}

Entries read_entries(const Dir& root) {
    Entries entries;
    walk_tree(root, [&](TarEntry entry, int) {
        drop_attributes_of_host(entry);
        std::string path = entry.path;
        entries.emplace(std::move(path), std::move(entry));
    });
    return entries;
}

std::string_view difference(const TarEntry& a, const TarEntry& b) {
    if (a.kind != b.kind || a.major != b.major || a.minor != b.minor)
        return "it is of another kind";
    if (a.target != b.target)
        return "it leads to something else";
    if (a.size != b.size)
        return "its size is another";
    if (a.mode != b.mode)
        return "its mode is another";
    if (a.uid != b.uid || a.gid != b.gid)
        return "its owner is another";
    if (a.mtime != b.mtime || a.mtime_nanoseconds != b.mtime_nanoseconds)
        return other_time;
    return a.attributes != b.attributes ? "its attributes are others" : "";
}

// As much as the buffer takes, or less at the end.
Block read_at(int fd, std::span<std::byte> buffer, std::uint64_t offset, const std::string& path) {
    std::size_t filled = 0;
    while (filled < buffer.size()) {
        ssize_t count =
            ::pread(fd, buffer.data() + filled, buffer.size() - filled, static_cast<off_t>(offset + filled));
        if (count < 0 && errno != EINTR)
            throw SystemError(errno, "reading {}", path);
        if (count == 0)
            break;
        filled += count > 0 ? static_cast<std::size_t>(count) : 0;
    }
    return buffer.first(filled);
}

bool is_same_content(int fd, const Dir& expected, const TarEntry& entry) {
    std::optional<Fd> other = expected.open_beneath(entry.path);
    if (!other)
        throw Error("{} is gone meanwhile", entry.path);
    std::vector<std::byte> buffer(buffer_size);
    std::vector<std::byte> other_buffer(buffer_size);
    for (std::uint64_t at = 0; at < entry.size; at += buffer_size)
        if (!std::ranges::equal(read_at(fd, buffer, at, entry.path),
                                read_at(other->get(), other_buffer, at, entry.path)))
            return false;
    return true;
}

std::string about(const std::string& path, std::string_view what) {
    return fmt::format("{}: {}", path.empty() ? "the root" : path, what);
}

} // namespace

std::optional<std::string> find_difference(const Dir& tree, const Dir& expected) {
    Entries missing = read_entries(expected);
    std::optional<std::string> found;
    std::optional<std::string> changed; // a directory, which says less than what has changed in it
    walk_tree(tree, [&](TarEntry entry, int fd) {
        if (found)
            return;
        drop_attributes_of_host(entry);
        auto other = missing.find(entry.path);
        if (other == missing.end()) {
            found = about(entry.path, "it does not belong there");
            return;
        }
        std::string_view what = difference(entry, other->second);
        if (what.empty() && entry.kind == EntryKind::File && !is_same_content(fd, expected, entry))
            what = "its content is another";
        if (!what.empty())
            (what == other_time && entry.kind == EntryKind::Directory ? changed : found) =
                about(entry.path, what);
        missing.erase(other);
    });
    if (!found && !missing.empty())
        found = about(missing.begin()->first, "it is missing");
    return found ? found : changed;
}

} // namespace rkt
