// SPDX-License-Identifier: Apache-2.0
//
// Decides about the entries of an ACI one after the other, without touching any file.
//
// What is let through is safe to make: its path is clean and below rootfs/, nothing on the way to
// it is a link, and it is nothing that the kernel or overlayfs would obey.

#pragma once

#include "wrap/archive.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

namespace rkt {

struct UnpackLimits {
    std::uint64_t bytes = 0;         // of all files together, unpacked
    std::uint64_t entries = 1000000; // of the archive, and of the directories that they imply
};

// Where an entry belongs.
enum class Place { Nowhere, Manifest, Root, Inside };

struct Placed {
    Place place = Place::Nowhere;
    std::string path = {};   // inside rootfs/: "etc/passwd"
    std::string target = {}; // of a hard link, likewise
};

class EntryCheck {
public:
    explicit EntryCheck(const UnpackLimits& limits) : limits_(limits) {}

    // Throws an Error that names the entry and says what is wrong with it: a name that leads out,
    // or occurs twice (IMG-3), or lies neither at manifest nor in rootfs (IMG-4); something written
    // through a link, a hard link to what is not there (IMG-9); a device; an attribute that
    // overlayfs would obey; more than the limits allow, of entries, of bytes, or of names and attributes,
    // which are kept in memory until the end.
    Placed check(const TarEntry& entry);

    // To be asked after the last entry. Throws if there was no manifest.
    void finish() const;

    // False if the archive has no entry for rootfs itself: old tools left it out (IMG-7).
    bool has_root() const noexcept { return has_root_; }
    std::uint64_t entries() const noexcept { return entries_ + implied_; }
    std::uint64_t bytes() const noexcept { return bytes_; }

private:
    // A directory is implied by what lies in it until its own entry comes.
    enum class Known { File, Link, Directory, Implied };

    Placed place(const TarEntry& entry);
    void count(const TarEntry& entry);
    void check_limits() const;
    Placed check_manifest(const TarEntry& entry);
    Placed check_root(const TarEntry& entry);
    Placed check_inside(const TarEntry& entry, const std::string& path);
    void check_parents(const std::string& path);
    void check_new(const std::string& path, Known kind);
    std::string check_target(const TarEntry& entry);
    Known known_kind(const TarEntry& entry, const std::string& target) const;

    UnpackLimits limits_;
    std::uint64_t entries_ = 0;    // those of the archive
    std::uint64_t implied_ = 0;    // directories without one
    std::uint64_t bytes_ = 0;      // of files
    std::uint64_t name_bytes_ = 0; // of paths and attributes
    bool has_manifest_ = false;
    bool has_root_ = false;
    std::unordered_map<std::string, Known> known_ = {}; // by path inside rootfs/
};

// "./a//b/" gives "a/b", "." gives "". Throws if it is absolute, climbs by "..", or is longer than
// the kernel takes.
std::string clean_path(std::string_view path);

} // namespace rkt
