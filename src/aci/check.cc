// SPDX-License-Identifier: Apache-2.0

#include "aci/check.h"

#include "aci/attributes.h"
#include "base/error.h"
#include "base/text.h"

#include <algorithm>
#include <array>

#include <linux/limits.h>

namespace rkt {

namespace {

constexpr std::string_view root = "rootfs";
constexpr std::string_view manifest = "manifest";

// IMG-18
constexpr std::uint64_t largest_manifest = 4 * 1024 * 1024;

// PATH_MAX counts the zero at the end.
constexpr std::size_t longest_path = PATH_MAX - 1;

// What may be kept in memory of an archive: so much, and so much for each entry that it may have.
constexpr std::uint64_t plenty_of_name_bytes = 16 << 20;
constexpr std::uint64_t name_bytes_of_entry = 256;

void check_attributes(const TarEntry& entry) {
    for (const auto& [name, value] : entry.attributes)
        if (is_obeyed_attribute(name))
            throw Error("it has the attribute {}, which no image may set", name);
}

void check_kind(const TarEntry& entry) {
    switch (entry.kind) {
    case EntryKind::CharacterDevice:
    case EntryKind::BlockDevice:
        if (entry.kind == EntryKind::CharacterDevice && entry.major == 0 && entry.minor == 0)
            throw Error("it is a device 0:0, by which overlayfs hides files");
        throw Error("it is a device, {}:{}", entry.major, entry.minor);
    case EntryKind::Socket:
    case EntryKind::Other:
        throw Error("it is neither a file, a directory, a link nor a FIFO");
    default:
        return;
    }
}

} // namespace

std::string clean_path(std::string_view path) {
    if (path.starts_with('/'))
        throw Error("its name is absolute");
    std::string result;
    for (std::string_view name : split(path, '/')) {
        if (name.empty() || name == ".")
            continue;
        if (name == "..")
            throw Error("its name climbs out by \"..\"");
        if (name.size() > NAME_MAX)
            throw Error("its name has a part of more than {} bytes", NAME_MAX);
        if (!result.empty())
            result += '/';
        result += name;
    }
    if (result.size() > longest_path)
        throw Error("its name has more than {} bytes", longest_path);
    return result;
}

void EntryCheck::count(const TarEntry& entry) {
    ++entries_;
    for (const auto& [name, value] : entry.attributes)
        name_bytes_ += name.size() + (entry.kind == EntryKind::Directory ? value.size() : 0);
    if (entry.kind != EntryKind::File)
        return;
    if (entry.size > limits_.bytes - bytes_)
        throw Error("the archive unpacks to more than {} bytes", limits_.bytes);
    bytes_ += entry.size;
}

void EntryCheck::check_limits() const {
    if (entries() > limits_.entries)
        throw Error("the archive has more than {} entries", limits_.entries);
    if (name_bytes_ > plenty_of_name_bytes &&
        (name_bytes_ - plenty_of_name_bytes) / name_bytes_of_entry >= limits_.entries)
        throw Error("the archive has too many bytes of names and attributes: {} for no more than {} entries",
                    name_bytes_, limits_.entries);
}

Placed EntryCheck::check_manifest(const TarEntry& entry) {
    if (entry.kind != EntryKind::File)
        throw Error("it is not a regular file");
    if (has_manifest_)
        throw Error("it occurs twice");
    if (entry.size > largest_manifest)
        throw Error("it has more than {} bytes", largest_manifest);
    has_manifest_ = true;
    return {.place = Place::Manifest};
}

Placed EntryCheck::check_root(const TarEntry& entry) {
    if (entry.kind != EntryKind::Directory)
        throw Error("it is not a directory");
    if (has_root_)
        throw Error("it occurs twice");
    has_root_ = true;
    return {.place = Place::Root};
}

void EntryCheck::check_parents(const std::string& path) {
    // Upwards from the nearest, until one is known: then all above it are.
    for (auto slash = path.rfind('/'); slash != std::string::npos; slash = path.rfind('/', slash - 1)) {
        std::string parent = path.substr(0, slash);
        auto [place, is_new] = known_.emplace(parent, Known::Implied);
        if (is_new) {
            ++implied_;
            name_bytes_ += parent.size();
            continue;
        }
        if (place->second == Known::Link)
            throw Error("it would be written through the link {}/{}", root, parent);
        if (place->second == Known::File)
            throw Error("it lies in {}/{}, which is not a directory", root, parent);
        return;
    }
}

void EntryCheck::check_new(const std::string& path, Known kind) {
    auto [place, is_new] = known_.emplace(path, kind);
    if (is_new) {
        name_bytes_ += path.size();
        return;
    }
    if (place->second != Known::Implied)
        throw Error("it occurs twice");
    if (kind != Known::Directory)
        throw Error("other entries lie in it, and it is not a directory");
    place->second = kind;
    --implied_; // it has an entry now, which counts
}

std::string EntryCheck::check_target(const TarEntry& entry) {
    if (entry.kind == EntryKind::Symlink && (entry.target.empty() || entry.target.size() > longest_path))
        throw Error("it is a link to a name of {} bytes", entry.target.size());
    if (entry.kind != EntryKind::HardLink)
        return {};
    std::string target;
    try {
        target = clean_path(entry.target);
    } catch (Error& error) {
        error.during("it is a hard link to {}", entry.target);
        throw;
    }
    if (!target.starts_with(root) || target.size() <= root.size() || target[root.size()] != '/')
        throw Error("it is a hard link to {}, outside of {}", entry.target, root);
    target.erase(0, root.size() + 1);
    auto place = known_.find(target);
    if (place == known_.end() || place->second == Known::Directory || place->second == Known::Implied)
        throw Error("it is a hard link to {}, and there is no such file before it", entry.target);
    return target;
}

EntryCheck::Known EntryCheck::known_kind(const TarEntry& entry, const std::string& target) const {
    switch (entry.kind) {
    case EntryKind::Directory:
        return Known::Directory;
    case EntryKind::Symlink:
        return Known::Link;
    case EntryKind::HardLink:
        return known_.at(target);
    default:
        return Known::File;
    }
}

Placed EntryCheck::check_inside(const TarEntry& entry, const std::string& path) {
    check_kind(entry);
    std::string target = check_target(entry);
    check_parents(path);
    check_new(path, known_kind(entry, target));
    return {.place = Place::Inside, .path = path, .target = target};
}

Placed EntryCheck::place(const TarEntry& entry) {
    try {
        std::string path = clean_path(entry.path);
        check_attributes(entry);
        if (path.empty() && entry.kind == EntryKind::Directory)
            return {.place = Place::Nowhere};
        if (path == manifest)
            return check_manifest(entry);
        if (path == root)
            return check_root(entry);
        if (!path.starts_with(root) || path[root.size()] != '/')
            throw Error("it is neither {} nor in {}", manifest, root);
        return check_inside(entry, path.substr(root.size() + 1));
    } catch (Error& error) {
        error.during("reading the entry \"{}\"", entry.path);
        throw;
    }
}

Placed EntryCheck::check(const TarEntry& entry) {
    count(entry);
    Placed placed = place(entry);
    check_limits();
    return placed;
}

void EntryCheck::finish() const {
    if (!has_manifest_)
        throw Error("the archive has no manifest: it is not an ACI");
}

} // namespace rkt
