// SPDX-License-Identifier: Apache-2.0

#include "aci/check.h"

#include "base/error.h"

#include <doctest/doctest.h>

#include <vector>

using namespace rkt;

namespace {

TarEntry file(const std::string& path, std::uint64_t size = 0) {
    return {.path = path, .kind = EntryKind::File, .size = size};
}

TarEntry dir(const std::string& path) {
    return {.path = path, .kind = EntryKind::Directory};
}

TarEntry soft(const std::string& path, const std::string& target) {
    return {.path = path, .kind = EntryKind::Symlink, .target = target};
}

TarEntry hard(const std::string& path, const std::string& target) {
    return {.path = path, .kind = EntryKind::HardLink, .target = target};
}

constexpr UnpackLimits generous = {.bytes = 1 << 30, .entries = 1000};

// What is wrong with the last of the entries; all before it are let through.
std::string fault(const std::vector<TarEntry>& entries, const UnpackLimits& limits = generous) {
    EntryCheck check(limits);
    for (std::size_t i = 0; i + 1 < entries.size(); ++i)
        (void)check.check(entries[i]);
    try {
        (void)check.check(entries.back());
    } catch (const Error& error) {
        std::string text = error.what();
        auto colon = text.find("\": ");
        return colon == std::string::npos ? text : text.substr(colon + 3);
    }
    return "";
}

} // namespace

TEST_CASE("IMG-3, IMG-5: names are cleaned, and what leads out or is too long is refused") {
    CHECK(clean_path("./a//b/./c/") == "a/b/c");
    CHECK(clean_path(".") == "");
    CHECK(clean_path("a..b/...") == "a..b/...");
    std::string deep;
    for (int i = 0; i < 2047; ++i)
        deep += "a/";
    CHECK(clean_path(deep + "b").size() == 4095);
    CHECK(clean_path(std::string(255, 'x')).size() == 255);
    for (const std::string& bad : {std::string("/a"), std::string(".."), std::string("a/../b"),
                                   std::string("rootfs/../manifest"), std::string(256, 'x'), deep + "bb"})
        CHECK_THROWS_AS(clean_path(bad), Error);
}

TEST_CASE("IMG-3: no path occurs twice, however it is written") {
    for (auto again : {"rootfs/a", "./rootfs/a", "rootfs//a", "rootfs/./a", "rootfs/a/"})
        CHECK(fault({file("rootfs/a"), file(again)}) == "it occurs twice");
    CHECK(fault({dir("rootfs/a"), dir("rootfs/a/")}) == "it occurs twice");
    CHECK(fault({dir("rootfs"), dir("./rootfs/")}) == "it occurs twice");
    CHECK(fault({file("manifest"), file("./manifest")}) == "it occurs twice");
    CHECK(fault({dir("rootfs/a"), file("rootfs/a")}) == "it occurs twice");
    CHECK(fault({file("rootfs/a"), hard("rootfs/b", "rootfs/a"), file("rootfs/b")}) == "it occurs twice");
}

TEST_CASE("a directory may come after what lies in it, and only once") {
    CHECK(fault({file("rootfs/a/b"), dir("rootfs/a")}) == "");
    CHECK(fault({file("rootfs/a/b"), dir("rootfs/a"), dir("rootfs/a")}) == "it occurs twice");
    CHECK(fault({file("rootfs/a/b"), file("rootfs/a")}) ==
          "other entries lie in it, and it is not a directory");
    CHECK(fault({file("rootfs/a/b/c"), soft("rootfs/a", "x")}) ==
          "other entries lie in it, and it is not a directory");
}

TEST_CASE("IMG-4: only a manifest and a rootfs") {
    for (auto bad : {"foo", "rootfsfoo", "manifest/a", "manifestx", "rootfs2/a"})
        CHECK(fault({file(bad)}) == "it is neither manifest nor in rootfs");
    CHECK(fault({soft("rootfs", "a")}) == "it is not a directory");
    CHECK(fault({file("rootfs")}) == "it is not a directory");
    CHECK(fault({soft("manifest", "rootfs/a")}) == "it is not a regular file");
    CHECK(fault({dir("manifest")}) == "it is not a regular file");
    CHECK(fault({file("rootfs/a"), hard("manifest", "rootfs/a")}) == "it is not a regular file");
    CHECK(fault({dir("./"), dir("rootfs"), file("manifest")}) == "");
    CHECK(fault({file(".")}) == "it is neither manifest nor in rootfs");
}

TEST_CASE("IMG-7: a missing entry for rootfs is noted, a missing manifest is refused") {
    EntryCheck check(generous);
    (void)check.check(file("rootfs/a"));
    CHECK_FALSE(check.has_root());
    CHECK_THROWS_AS(check.finish(), Error);
    (void)check.check(file("manifest"));
    (void)check.check(dir("rootfs"));
    CHECK(check.has_root());
    CHECK_NOTHROW(check.finish());
}

TEST_CASE("IMG-9: nothing leads out of rootfs") {
    CHECK(fault({file("/rootfs/a")}) == "its name is absolute");
    CHECK(fault({file("rootfs/../../etc/passwd")}) == "its name climbs out by \"..\"");
    CHECK(fault({soft("rootfs/a", "/etc"), file("rootfs/a/passwd")}) ==
          "it would be written through the link rootfs/a");
    CHECK(fault({soft("rootfs/a", "/etc"), file("rootfs/a/b/c/d")}) ==
          "it would be written through the link rootfs/a");
    CHECK(fault({soft("rootfs/a", "/etc"), hard("rootfs/b", "rootfs/a"), file("rootfs/b/c")}) ==
          "it would be written through the link rootfs/b");
    CHECK(fault({file("rootfs/a"), file("rootfs/a/b")}) == "it lies in rootfs/a, which is not a directory");
    CHECK(fault({soft("rootfs/a", "/etc/../../x")}) == "");
    CHECK(fault({soft("rootfs/a", "")}) == "it is a link to a name of 0 bytes");
}

TEST_CASE("IMG-9: a hard link leads to a file that was there before it") {
    CHECK(fault({file("rootfs/a"), hard("rootfs/b", "./rootfs//a")}) == "");
    CHECK(fault({file("manifest"), hard("rootfs/b", "manifest")}) ==
          "it is a hard link to manifest, outside of rootfs");
    CHECK(fault({hard("rootfs/b", "/etc/passwd")}) ==
          "it is a hard link to /etc/passwd: its name is absolute");
    CHECK(fault({hard("rootfs/b", "rootfs/../../etc/passwd")}).ends_with("its name climbs out by \"..\""));
    CHECK(fault({hard("rootfs/b", "rootfs")}) == "it is a hard link to rootfs, outside of rootfs");
    for (auto target : {"rootfs/b", "rootfs/later", "rootfs/dir", "rootfs/dir/file/x"})
        CHECK(fault({file("rootfs/dir/file"), hard("rootfs/b", target)}).ends_with("no such file before it"));
}

TEST_CASE("what the kernel or overlayfs would obey is refused") {
    TarEntry device = {.path = "rootfs/a", .kind = EntryKind::CharacterDevice, .major = 1, .minor = 3};
    CHECK(fault({device}) == "it is a device, 1:3");
    device.kind = EntryKind::BlockDevice;
    CHECK(fault({device}) == "it is a device, 1:3");
    device = {.path = "rootfs/a", .kind = EntryKind::CharacterDevice};
    CHECK(fault({device}) == "it is a device 0:0, by which overlayfs hides files");
    CHECK(fault({{.path = "rootfs/a", .kind = EntryKind::Socket}}) != "");
    CHECK(fault({{.path = "rootfs/a", .kind = EntryKind::Other}}) != "");
    CHECK(fault({{.path = "rootfs/a", .kind = EntryKind::Fifo}}) == "");

    for (auto bad : {"trusted.overlay.opaque", "trusted.x", "user.overlay.redirect"}) {
        TarEntry entry = dir("rootfs/a");
        entry.attributes.emplace_back(bad, "y");
        CHECK(fault({entry}) == "it has the attribute " + std::string(bad) + ", which no image may set");
    }
    TarEntry entry = file("rootfs/a");
    entry.attributes.emplace_back("user.colour", "blue");
    CHECK(fault({entry}) == "");
}

TEST_CASE("IMG-18: a manifest has a limit") {
    CHECK(fault({file("manifest", 4 << 20)}) == "");
    CHECK(fault({file("manifest", (4 << 20) + 1)}) == "it has more than 4194304 bytes");
}

TEST_CASE("there are limits on entries and bytes") {
    UnpackLimits small = {.bytes = 100, .entries = 3};
    CHECK(fault({file("rootfs/a", 100)}, small) == "");
    CHECK(fault({file("rootfs/a", 60), file("rootfs/b", 41)}, small) ==
          "the archive unpacks to more than 100 bytes");
    CHECK(fault({file("rootfs/a", 60), file("rootfs/b", UINT64_MAX)}, small) ==
          "the archive unpacks to more than 100 bytes");
    CHECK(fault({dir("rootfs"), dir("rootfs/a"), dir("rootfs/b"), dir("rootfs/c")}, small) ==
          "the archive has more than 3 entries");
}

TEST_CASE("directories that entries imply count as entries, once") {
    UnpackLimits small = {.bytes = 100, .entries = 3};
    CHECK(fault({file("rootfs/a/b/c")}, small) == "");
    CHECK(fault({file("rootfs/a/b/c/d")}, small) == "the archive has more than 3 entries");
    CHECK(fault({file("rootfs/a/b"), file("rootfs/a/c")}, small) == "");
    CHECK(fault({file("rootfs/a/b"), dir("rootfs/a"), file("rootfs/a/c")}, small) == "");
    CHECK(fault({file("rootfs/a/b"), dir("rootfs/a"), file("rootfs/c/d")}, small) ==
          "the archive has more than 3 entries");
}

TEST_CASE("there is a limit on what is kept of an archive in memory") {
    constexpr std::size_t large = 32 << 20;
    TarEntry entry = dir("rootfs/a");
    entry.attributes.emplace_back("user.colour", std::string(large, 'x'));
    CHECK(fault({entry}).starts_with("the archive has too many bytes of names and attributes"));
    entry.kind = EntryKind::File; // is written at once
    CHECK(fault({entry}) == "");
    entry.attributes = {{"user." + std::string(large, 'x'), ""}};
    CHECK(fault({entry}).starts_with("the archive has too many bytes of names and attributes"));

    std::string deep;
    for (int i = 0; i < 2000; ++i)
        deep += "/a";
    std::vector<TarEntry> entries;
    for (char c = 'a'; c <= 'z'; ++c)
        entries.push_back(file("rootfs/" + std::string(1, c) + deep));
    UnpackLimits many = {.bytes = 100, .entries = 60000};
    CHECK(fault({entries.begin(), entries.begin() + 4}, many) == "");
    CHECK_THROWS_AS(fault(entries, many), Error);
}
