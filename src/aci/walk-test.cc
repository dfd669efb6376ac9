// SPDX-License-Identifier: Apache-2.0

#include "aci/walk.h"

#include "os/file.h"
#include "os/temp-dir.h"

#include <doctest/doctest.h>

#include <sys/stat.h>
#include <sys/xattr.h>

using namespace rkt;

namespace {

std::vector<TarEntry> entries_of(const TempDir& dir) {
    std::vector<TarEntry> entries;
    walk_tree(Dir::open(dir.path()), [&](const TarEntry& entry, int) { entries.push_back(entry); });
    return entries;
}

} // namespace

TEST_CASE("a tree is walked in one order: a directory, its files, its directories") {
    TempDir dir;
    std::filesystem::create_directories(dir.path() / "a/b");
    std::filesystem::create_directories(dir.path() / "c");
    for (const char* file : {"z", "a/z", "a/b/y", "c/x"})
        write_plainly(dir.path() / file, file);
    std::vector<std::string> paths;
    for (const TarEntry& entry : entries_of(dir))
        paths.push_back(entry.path);
    CHECK(paths == std::vector<std::string>{"", "z", "a", "a/z", "a/b", "a/b/y", "c", "c/x"});
}

TEST_CASE("what a file is can be read from its entry") {
    TempDir dir;
    write_plainly(dir.path() / "a", "content", 0640);
    REQUIRE(::setxattr((dir.path() / "a").c_str(), "user.colour", "red", 3, 0) == 0);
    std::filesystem::create_hard_link(dir.path() / "a", dir.path() / "b");
    std::filesystem::create_symlink("/nowhere", dir.path() / "c");
    REQUIRE(::mkfifo((dir.path() / "d").c_str(), 0600) == 0);
    std::vector<TarEntry> entries = entries_of(dir);
    REQUIRE(entries.size() == 5);
    CHECK(entries[1].kind == EntryKind::File);
    CHECK(entries[1].mode == 0640);
    CHECK(entries[1].size == 7);
    CHECK(entries[1].attributes == std::vector<std::pair<std::string, std::string>>{{"user.colour", "red"}});
    CHECK(entries[2].kind == EntryKind::HardLink);
    CHECK(entries[2].target == "a");
    CHECK(entries[3].kind == EntryKind::Symlink);
    CHECK(entries[3].target == "/nowhere");
    CHECK(entries[4].kind == EntryKind::Fifo);
}

TEST_CASE("of a file with holes only the content is read") {
    TempDir dir;
    write_plainly(dir.path() / "a", "begin");
    std::filesystem::resize_file(dir.path() / "a", 1 << 20);
    auto fd = find_file(dir.path() / "a");
    FileParts parts(fd->get(), 1 << 20, "a");
    std::uint64_t read = 0;
    while (std::optional<Part> part = parts.next()) {
        if (read == 0)
            CHECK(part->bytes[0] == std::byte{'b'});
        read += part->bytes.size();
    }
    CHECK(read < 1 << 17);
    CHECK(extents_of(fd->get(), 0).empty());
}
