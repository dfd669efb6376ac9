// SPDX-License-Identifier: Apache-2.0

#include "aci/rendering.h"

#include "aci/walk.h"
#include "base/error.h"

#include <algorithm>
#include <filesystem>
#include <iterator>

namespace rkt {

namespace {

std::string clean(const std::string& path) {
    std::string relative = path.substr(std::min(path.find_first_not_of('/'), path.size()));
    std::string normal = std::filesystem::path("/" + relative).lexically_normal().native();
    if (normal.ends_with('/'))
        normal.pop_back();
    return normal.empty() ? normal : normal.substr(1);
}

bool passes(const PathFilter& filter, const std::string& path) {
    return !filter || filter->contains(path);
}

bool is_whiteout(const TarEntry& entry) {
    return entry.kind == EntryKind::CharacterDevice && entry.major == 0 && entry.minor == 0;
}

bool is_opaque(const TarEntry& entry) {
    return std::ranges::find(entry.attributes, std::pair<std::string, std::string>(
                                                   "trusted.overlay.opaque", "y")) != entry.attributes.end();
}

} // namespace

PathFilter make_filter(const std::vector<std::string>& whitelist) {
    if (whitelist.empty())
        return std::nullopt;
    std::set<std::string> paths;
    for (const std::string& path : whitelist)
        paths.insert(clean(path));
    return paths;
}

PathFilter intersect(const PathFilter& a, const PathFilter& b) {
    if (!a || !b)
        return a ? a : b;
    std::set<std::string> both;
    std::ranges::set_intersection(*a, *b, std::inserter(both, both.end()));
    return both;
}

void Rendering::apply(const SourceTree& source, const PathFilter& filter) {
    moved_links_.clear();
    walk_tree(source.root, [&](const TarEntry& entry, int fd) {
        if (!source.implied.contains(entry.path))
            add(entry, fd, filter);
    });
}

void Rendering::add(const TarEntry& entry, int fd, const PathFilter& filter) {
    if (entry.kind == EntryKind::Directory)
        return add_directory(entry, passes(filter, entry.path));
    if (!passes(filter, entry.path))
        return;
    tree_.make_way(entry.path, false);
    if (is_whiteout(entry))
        return;
    if (entry.kind == EntryKind::HardLink)
        add_link(entry, fd, filter);
    else
        put(entry, fd);
}

// One that does not pass comes to be if something in it passes, and then it looks as it did (IMG-44), unless
// an entry that has passed says otherwise.
void Rendering::add_directory(const TarEntry& entry, bool passes) {
    if (!passes)
        return tree_.set_fallback(entry.path, entry);
    if (entry.path.empty())
        return tree_.set_root(entry);
    tree_.make_way(entry.path, !is_opaque(entry));
    put(entry, -1);
}

// Where the first name has not passed, the next takes its place with the content (IMG-47).
void Rendering::add_link(TarEntry entry, int fd, const PathFilter& filter) {
    if (!passes(filter, entry.target)) {
        auto [moved, is_first] = moved_links_.emplace(entry.target, entry.path);
        entry.target = moved->second;
        if (is_first)
            entry.kind = EntryKind::File;
    }
    put(entry, fd);
}

void Rendering::put(const TarEntry& entry, int fd) {
    Placed placed = {.place = Place::Inside, .path = entry.path, .target = entry.target};
    if (entry.kind != EntryKind::File)
        return tree_.add(placed, entry, nullptr);
    FileParts parts(fd, entry.size, entry.path);
    tree_.add(placed, entry, [&] { return parts.next(); });
}

} // namespace rkt
