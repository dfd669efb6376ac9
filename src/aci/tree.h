// SPDX-License-Identifier: Apache-2.0
//
// Makes the files of an image below a directory, as they stand in the archive: with owner, mode,
// time and attributes (IMG-8). What is to be made has been checked before; here openat2(2) holds.

#pragma once

#include "aci/check.h"
#include "os/dir.h"
#include "wrap/archive.h"

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>

namespace rkt {

class Tree {
public:
    // Gives the parts of the current file.
    using Content = std::function<std::optional<Part>()>;

    explicit Tree(Dir root);

    // `placed` lies inside the root.
    void add(const Placed& placed, const TarEntry& entry, const Content& content);

    // The root itself has an entry.
    void set_root(const TarEntry& entry);

    // For a tree that is made from several images one over the other. Removes what stands at the path with
    // everything in it (IMG-33), and whatever on the way to it is no directory, which is never followed
    // (IMG-32). A directory at the path itself stays if that is wanted.
    void make_way(const std::string& path, bool keep_directory);

    // What a directory is to look like that has no entry of its own: instead of 0755 and ours.
    void set_fallback(const std::string& path, const TarEntry& entry);

    // Directories get their owners, modes and times at the end, when nothing is made in them any more.
    void finish();

    // Directories without an entry of their own, by path; "" is the root.
    const std::set<std::string>& implied() const noexcept { return implied_; }

    // Attributes that were left out, since they mean something to the host they came from alone.
    const std::set<std::string>& ignored_attributes() const noexcept { return ignored_; }

private:
    const Dir& parent_of(const std::string& path);
    Dir make_parents(const std::string& path);
    void add_file(const Dir& parent, const std::string& name, const TarEntry& entry, const Content& content);
    void add_directory(const Dir& parent, const std::string& name, const std::string& path,
                       const TarEntry& entry);
    void add_hard_link(const Dir& parent, const std::string& name, const std::string& target);
    void add_symlink(const Dir& parent, const std::string& name, const TarEntry& entry);
    void add_fifo(const Dir& parent, const std::string& name, const TarEntry& entry);
    void set_attributes(int fd, const TarEntry& entry);
    void forget(const std::string& path);

    Dir root_;
    std::optional<Dir> parent_; // of the last entry: most entries share it with the one before
    std::string parent_path_;
    std::map<std::string, TarEntry> directories_; // those with an entry
    std::set<std::string> implied_ = {""};        // and those without
    std::map<std::string, TarEntry> fallbacks_;
    std::set<std::string> ignored_;
};

} // namespace rkt
