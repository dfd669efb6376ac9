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

bool is_let_through(const PathFilter& filter, const std::string& path) {
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
        if (source.implied.contains(entry.path))
            return;
        bool passes = is_let_through(filter, entry.path);
        if (passes || source.over_own)
            hide(entry);
        if (passes)
            add(entry, fd, filter);
        else if (entry.kind == EntryKind::Directory)
            tree_.set_fallback(entry.path, entry); // it may come to be by what is in it (IMG-44)
    });
}

// Directories are merged, everything else is replaced.
void Rendering::hide(const TarEntry& entry) {
    if (!entry.path.empty())
        tree_.make_way(entry.path, entry.kind == EntryKind::Directory && !is_opaque(entry));
}

void Rendering::add(const TarEntry& entry, int fd, const PathFilter& filter) {
    if (entry.path.empty())
        tree_.set_root(entry);
    else if (entry.kind == EntryKind::HardLink)
        add_link(entry, fd, filter);
    else if (!is_whiteout(entry))
        put(entry, fd);
}

// Where the first name has not passed, the next takes its place with the content (IMG-47).
void Rendering::add_link(TarEntry entry, int fd, const PathFilter& filter) {
    if (!is_let_through(filter, entry.target)) {
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
