// SPDX-License-Identifier: Apache-2.0

#include "wrap/archive-write.h"

#include "base/error.h"
#include "os/file.h"
#include "os/temp-dir.h"
#include "wrap/gzip.h"

#include <doctest/doctest.h>

#include <cerrno>
#include <functional>

#include <fcntl.h>

using namespace rkt;

namespace {

std::string archive_of(const std::function<void(ArchiveWriter&)>& fill) {
    TempDir dir;
    auto file = dir.path() / "archive";
    Fd fd(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    REQUIRE(fd);
    ArchiveWriter writer(fd.get());
    fill(writer);
    writer.finish();
    return read_file(file, 64 << 20);
}

std::string unpacked(const std::string& archive) {
    bool given = false;
    Gunzip gunzip([&] {
        Block all = std::as_bytes(std::span(archive));
        return std::exchange(given, true) ? Block() : all;
    });
    std::string result;
    std::string buffer(1 << 16, '\0');
    while (std::size_t count = gunzip.read(std::as_writable_bytes(std::span(buffer))))
        result.append(buffer, 0, count);
    return result;
}

std::vector<TarEntry> entries_of(const std::string& archive) {
    std::string tar = unpacked(archive);
    bool given = false;
    TarReader reader(
        [&] { return std::exchange(given, true) ? Block() : Block(std::as_bytes(std::span(tar))); });
    std::vector<TarEntry> entries;
    while (std::optional<TarEntry> entry = reader.next())
        entries.push_back(*entry);
    return entries;
}

// Of the first entry, up to the hole at its end.
std::string content_of(const std::string& archive) {
    std::string tar = unpacked(archive);
    bool given = false;
    TarReader reader(
        [&] { return std::exchange(given, true) ? Block() : Block(std::as_bytes(std::span(tar))); });
    REQUIRE(reader.next());
    std::string content;
    while (std::optional<Part> part = reader.read()) {
        content.resize(part->offset);
        content.append(reinterpret_cast<const char*>(part->bytes.data()), part->bytes.size());
    }
    return content;
}

Part part(std::uint64_t offset, std::string_view text) {
    return {.offset = offset, .bytes = std::as_bytes(std::span(text))};
}

} // namespace

TEST_CASE("what is written is read again as it was") {
    TarEntry file = {
        .path = "rootfs/größe",
        .kind = EntryKind::File,
        .size = 4,
        .mode = 04751,
        .uid = 3000000000,
        .gid = 7,
        .mtime = 1234567890,
        .mtime_nanoseconds = 500,
        .attributes = {{"security.capability", std::string("\1\0\0\2", 4)}, {"user.colour", "red"}}};
    TarEntry raw = {.path = "rootfs/\xff\xfe", .kind = EntryKind::Fifo, .mode = 0600};
    TarEntry link = {
        .path = "rootfs/soft", .kind = EntryKind::Symlink, .target = std::string(300, 'x'), .mode = 0777};
    TarEntry hard = {
        .path = "rootfs/" + std::string(300, 'y'), .kind = EntryKind::HardLink, .target = file.path};
    auto fill = [&](ArchiveWriter& writer) {
        writer.begin({.path = "rootfs", .kind = EntryKind::Directory, .mode = 01777});
        writer.begin(file);
        writer.write(part(0, "con"));
        writer.write(part(3, "t"));
        writer.begin(raw);
        writer.begin(link);
        writer.begin(hard);
    };
    std::string archive = archive_of(fill);
    CHECK(archive == archive_of(fill));
    std::vector<TarEntry> entries = entries_of(archive);
    REQUIRE(entries.size() == 5);
    CHECK(entries[0].kind == EntryKind::Directory);
    CHECK(entries[0].mode == 01777);
    CHECK(entries[1].path == file.path);
    CHECK(entries[1].mode == file.mode);
    CHECK(entries[1].uid == file.uid);
    CHECK(entries[1].mtime == file.mtime);
    CHECK(entries[1].mtime_nanoseconds == file.mtime_nanoseconds);
    CHECK(entries[1].attributes == file.attributes);
    CHECK(entries[2].path == raw.path);
    CHECK(entries[3].target == link.target);
    CHECK(entries[4].kind == EntryKind::HardLink);
    CHECK(entries[4].path == hard.path);
    CHECK(entries[4].target == file.path);
}

TEST_CASE("a file has its content, and zeros where there are holes") {
    TarEntry file = {.path = "a", .kind = EntryKind::File, .size = 7};
    std::string archive = archive_of([&](ArchiveWriter& writer) {
        writer.begin(file);
        writer.write(part(0, "con"));
        writer.write(part(5, "nt"));
    });
    CHECK(content_of(archive) == std::string("con\0\0nt", 7));
    archive = archive_of([&](ArchiveWriter& writer) {
        file.size = 1 << 20;
        writer.begin(file, {{.offset = 1 << 19, .size = 3}});
        writer.write(part(1 << 19, "end"));
    });
    CHECK(content_of(archive) == std::string(1 << 19, '\0') + "end");
}

TEST_CASE("holes take no place") {
    constexpr std::uint64_t size = 16 << 20;
    TarEntry file = {.path = "a", .kind = EntryKind::File, .size = size};
    std::string archive = archive_of([&](ArchiveWriter& writer) {
        writer.begin(file, {{.offset = 4096, .size = 5}});
        writer.write(part(4096, "begin"));
        file.path = "b";
        writer.begin(file, {});
    });
    std::string tar = unpacked(archive);
    CHECK(tar.size() < 20000);
    CHECK(entries_of(archive)[0].size == size);
    CHECK(entries_of(archive)[1].size == size);
}

TEST_CASE("what no image has cannot be written") {
    TempDir dir;
    Fd fd(::open((dir.path() / "archive").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    ArchiveWriter writer(fd.get());
    CHECK_THROWS_AS(writer.begin({.path = "a", .kind = EntryKind::BlockDevice}), Error);
}
