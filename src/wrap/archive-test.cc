// SPDX-License-Identifier: Apache-2.0

#include "wrap/archive.h"

#include "base/error.h"
#include "base/text.h"
#include "wrap/test-tar.h"

#include <doctest/doctest.h>

#include <string>

using namespace rkt;
using namespace rkt::test;

namespace {

Blocks blocks(const std::string& data, std::size_t step) {
    return [&data, step, at = std::size_t{0}]() mutable -> Block {
        std::string_view next = std::string_view(data).substr(at, step);
        at += next.size();
        return std::as_bytes(std::span(next));
    };
}

std::string decompress(const std::string& data, std::size_t step = 1000) {
    Decompressor reader(blocks(data, step));
    std::string result;
    char buffer[3];
    while (auto count = reader.read(std::as_writable_bytes(std::span(buffer))))
        result.append(buffer, count);
    return result;
}

std::string bytes(std::string_view digits) {
    auto bytes = parse_hex(digits);
    return {bytes->begin(), bytes->end()};
}

// "hello" by bzip2, xz and zstd.
const std::vector<std::string> hellos = {
    bytes("425a68393141592653591931653d00000081000244a000219a68334d07338bb9229c28480c98b29e80"),
    bytes("fd377a585a000004e6d6b4460200210116000000742fe5a301000468656c6c6f00000000b137b9dbe5da1e9b"
          "00011d05b82d80af1fb6f37d010000000004595a"),
    bytes("28b52ffd045829000068656c6c6fa36d9f88"),
};

} // namespace

TEST_CASE("IMG-10: bzip2, xz and zstd, one stream or several") {
    for (const std::string& hello : hellos) {
        CHECK(decompress(hello) == "hello");
        CHECK(decompress(hello, 1) == "hello");
        CHECK(decompress(hello + hello) == "hellohello");
    }
}

TEST_CASE("IMG-12: a stream that is cut off, damaged or followed by something is refused") {
    for (const std::string& hello : hellos) {
        for (std::size_t length = 6; length < hello.size(); ++length)
            CHECK_THROWS_AS(decompress(hello.substr(0, length)), Error);
        CHECK_THROWS_AS(decompress(hello + "junk"), Error);
        CHECK_THROWS_AS(decompress(hello + std::string(100, 'j')), Error);
        std::string damaged = hello;
        damaged[hello.size() - 2] ^= 1;
        CHECK_THROWS_AS(decompress(damaged), Error);
    }
}

TEST_CASE("IMG-2: an entry has everything its header says") {
    std::string archive =
        tar({.name = "rootfs/a", .content = "content", .mode = 04755, .uid = 1000, .gid = 1001}) + tar_end;
    TarReader reader(blocks(archive, 700));
    auto entry = reader.next();
    REQUIRE(entry);
    CHECK(entry->path == "rootfs/a");
    CHECK(entry->kind == EntryKind::File);
    CHECK(entry->mode == 04755);
    CHECK(entry->uid == 1000);
    CHECK(entry->gid == 1001);
    CHECK(entry->size == 7);
    CHECK(entry->mtime == 42);

    auto part = reader.read();
    REQUIRE(part);
    CHECK(part->offset == 0);
    CHECK(std::string(reinterpret_cast<const char*>(part->bytes.data()), part->bytes.size()) == "content");
    CHECK_FALSE(reader.read());
    CHECK_FALSE(reader.next());
    CHECK(reader.position() == 1024);
}

TEST_CASE("IMG-8: extended attributes and lists of access rights") {
    std::string archive =
        pax(pax_record("SCHILY.xattr.user.colour", "blue") +
            pax_record("SCHILY.acl.access", "user::rwx,user:lisa:r--:7,group::r-x,mask::r-x,other::---")) +
        tar({.name = "a"}) + tar_end;
    TarReader reader(blocks(archive, 100000));
    auto entry = reader.next();
    REQUIRE(entry);
    REQUIRE(entry->attributes.size() == 2);
    CHECK(entry->attributes[0] == std::pair<std::string, std::string>("user.colour", "blue"));
    const auto& [name, list] = entry->attributes[1];
    CHECK(name == "system.posix_acl_access");
    CHECK(hex({reinterpret_cast<const std::uint8_t*>(list.data()), list.size()}) == "02000000"
                                                                                    "01000700ffffffff"
                                                                                    "0200040007000000"
                                                                                    "04000500ffffffff"
                                                                                    "10000500ffffffff"
                                                                                    "20000000ffffffff");
}

TEST_CASE("a file with holes has nothing behind its end, and nothing twice") {
    struct Row {
        const char* map; // how many parts, then offset and size of each
        bool fits;
    };
    for (const Row& row :
         {Row{"1\n0\n5\n", true}, Row{"2\n0\n2\n199997\n3\n", true}, Row{"1\n199996\n5\n", false},
          Row{"1\n1000000000\n5\n", false}, Row{"2\n100\n2\n0\n3\n", false}, Row{"2\n0\n3\n2\n2\n", false}}) {
        CAPTURE(row.map);
        std::string map = row.map;
        map.resize(512);
        std::string archive =
            pax(pax_record("GNU.sparse.major", "1") + pax_record("GNU.sparse.minor", "0") +
                pax_record("GNU.sparse.name", "hole") + pax_record("GNU.sparse.realsize", "200000")) +
            tar({.name = "x", .content = map + "12345"}) + tar_end;
        TarReader reader(blocks(archive, 512));
        REQUIRE(reader.next()->size == 200000);
        auto read_all = [&] {
            while (reader.read())
                continue;
        };
        if (row.fits)
            CHECK_NOTHROW(read_all());
        else
            CHECK_THROWS_WITH_AS(
                read_all(), "reading the archive: parts of a file lie behind its end or are not in order",
                Error);
    }
}

TEST_CASE("names need not be ASCII") {
    std::string archive = pax(pax_record("path", "rootfs/größe")) + tar({.name = "short"}) + tar_end;
    TarReader reader(blocks(archive, 512));
    auto entry = reader.next();
    REQUIRE(entry);
    CHECK(entry->path == "rootfs/größe");
}

TEST_CASE("links and devices are told apart") {
    std::string archive = tar({.name = "d", .type = '5'}) + tar({.name = "s", .type = '2', .target = "t"}) +
                          tar({.name = "h", .type = '1', .target = "t"}) +
                          tar({.name = "c", .type = '3', .major = 1, .minor = 3}) +
                          tar({.name = "b", .type = '4'}) + tar({.name = "p", .type = '6'}) + tar_end;
    TarReader reader(blocks(archive, 512));
    std::vector<EntryKind> kinds;
    while (auto entry = reader.next())
        kinds.push_back(entry->kind);
    CHECK(kinds == std::vector{EntryKind::Directory, EntryKind::Symlink, EntryKind::HardLink,
                               EntryKind::CharacterDevice, EntryKind::BlockDevice, EntryKind::Fifo});
}

TEST_CASE("an archive that is cut off is refused") {
    std::string archive = tar({.name = "a", .content = std::string(2000, 'x')});
    archive.resize(1500);
    TarReader reader(blocks(archive, 512));
    REQUIRE(reader.next());
    CHECK_THROWS_AS((void)reader.next(), Error);
}

TEST_CASE("what the source throws comes out again") {
    Blocks broken = []() -> Block { throw Error("the disk is gone"); };
    CHECK_THROWS_WITH_AS(TarReader{broken}, "the disk is gone", Error);
    CHECK_THROWS_WITH_AS(Decompressor{broken}, "the disk is gone", Error);
}
