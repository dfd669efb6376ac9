// SPDX-License-Identifier: Apache-2.0
//
// One tree of several: the contents of an image laid over those of its dependencies, with what their path
// whitelists let through (IMG-30 to IMG-48).
//
// Files are copied, never shared with where they come from: neither as hard links nor block by block.

#pragma once

#include "aci/tree.h"
#include "os/dir.h"
#include "wrap/archive.h"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace rkt {

// The paths that are let through, clean and relative ("etc/passwd"), "" for the root; all if there is no set.
using PathFilter = std::optional<std::set<std::string>>;

// As it stands in a manifest: "/a/", "/x/../a" and "a" all mean "a" (IMG-40, IMG-48); an empty list lets
// everything through (IMG-43).
PathFilter make_filter(const std::vector<std::string>& whitelist);

// What both let through (IMG-41).
PathFilter intersect(const PathFilter& a, const PathFilter& b);

// An unpacked layer, and its directories that mean nothing by themselves (see read_aci).
struct SourceTree {
    Dir root;
    std::set<std::string> implied = {};
    bool over_own =
        false; // it lies over another layer of the same image, and hides that also by what does not pass
};

class Rendering {
public:
    // The root is empty.
    explicit Rendering(Dir root) : tree_(std::move(root)) {}

    // Lays a tree over what is there already. Whiteouts and opaque marks of overlayfs are followed. What does
    // not pass hides nothing (IMG-46).
    void apply(const SourceTree& source, const PathFilter& filter);

    // Gives the directories their owners, modes and times.
    void finish() { tree_.finish(); }

private:
    void add(const TarEntry& entry, int fd, const PathFilter& filter);
    void hide(const TarEntry& entry);
    void add_link(TarEntry entry, int fd, const PathFilter& filter);
    void put(const TarEntry& entry, int fd);

    Tree tree_;
    std::map<std::string, std::string> moved_links_ = {}; // first name in the source, first name that passed
};

} // namespace rkt
