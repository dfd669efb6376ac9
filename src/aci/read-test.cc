// SPDX-License-Identifier: Apache-2.0

#include "aci/read.h"

#include "base/error.h"
#include "os/file.h"
#include "os/temp-dir.h"
#include "wrap/hash.h"
#include "wrap/test-tar.h"

#include <doctest/doctest.h>

#include <cerrno>
#include <iterator>
#include <thread>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

using namespace rkt;
using namespace rkt::test;

namespace {

constexpr UnpackLimits generous = {.bytes = 1 << 30, .entries = 1000};

const std::string manifest = tar({.name = "manifest", .content = "{}"});
const std::string root = tar({.name = "rootfs", .type = '5', .mode = 0755});

Member file(const std::string& name, const std::string& content = "") {
    return {.name = name, .content = content, .uid = ::geteuid(), .gid = ::getegid()};
}

AciContents read(const TempDir& dir, const std::string& archive, const UnpackLimits& limits = generous) {
    write_atomically(dir.path() / "archive", archive);
    auto source = find_file(dir.path() / "archive");
    return read_aci(source->get(), -1, Dir::open(dir.path()), limits);
}

std::string fault(const std::string& archive, const UnpackLimits& limits = generous) {
    TempDir dir;
    try {
        (void)read(dir, archive, limits);
    } catch (const Error& error) {
        return error.what();
    }
    return "";
}

std::string id_of(const std::string& archive) {
    return "sha512-" + hash_hex(HashKind::Sha512, archive);
}

struct stat look_at(const std::filesystem::path& path) {
    struct stat status = {};
    REQUIRE(::lstat(path.c_str(), &status) == 0);
    return status;
}

} // namespace

TEST_CASE("IMG-6, IMG-8: files, directories and links are as the archive says, in whatever order") {
    TempDir dir;
    Member script = file("rootfs/bin/run", "#!/bin/sh\n");
    script.mode = 04751;
    script.mtime = 1234567890;
    Member bin = file("rootfs/bin");
    bin.type = '5';
    bin.mode = 01711;
    bin.mtime = 987654321;
    Member soft = file("./rootfs/soft");
    soft.type = '2';
    soft.target = "/nowhere/at/all";
    Member fifo = file("rootfs/fifo");
    fifo.type = '6';
    fifo.mode = 0620;
    std::string archive = tar(script) + tar(soft) + tar(fifo) + root + tar(bin) +
                          tar({.name = "rootfs/hard", .type = '1', .target = "rootfs/bin/run"}) + manifest +
                          tar_end;
    AciContents contents = read(dir, archive);

    CHECK(contents.id.str() == id_of(archive));
    CHECK(contents.manifest == "{}");
    CHECK(contents.bytes == 12);
    CHECK(contents.source_bytes == archive.size());
    CHECK(contents.warnings.empty());
    auto rootfs = dir.path() / "rootfs";
    CHECK(read_file(rootfs / "bin/run") == "#!/bin/sh\n");
    CHECK(look_at(rootfs / "bin/run").st_mode == (S_IFREG | 04751));
    CHECK(look_at(rootfs / "bin/run").st_mtime == 1234567890);
    CHECK(look_at(rootfs / "bin").st_mode == (S_IFDIR | 01711));
    CHECK(look_at(rootfs / "bin").st_mtime == 987654321);
    CHECK(look_at(rootfs / "hard").st_ino == look_at(rootfs / "bin/run").st_ino);
    CHECK(std::filesystem::read_symlink(rootfs / "soft") == "/nowhere/at/all");
    CHECK(look_at(rootfs / "soft").st_mtime == 42);
    CHECK(look_at(rootfs / "fifo").st_mode == (S_IFIFO | 0620));
    CHECK_FALSE(std::filesystem::exists(dir.path() / "manifest"));
}

TEST_CASE("IMG-8: owners and capabilities") {
    if (::geteuid() != 0) {
        MESSAGE("skipped: giving files away takes root");
        return;
    }
    TempDir dir;
    std::string capability = little_endian(0x02000001, 4) + little_endian(1 << 10, 4) + little_endian(0, 12);
    Member ping = file("rootfs/ping");
    ping.mode = 06755;
    ping.uid = 1234567;
    ping.gid = 4321;
    Member directory = {.name = "rootfs/dir", .type = '5', .mode = 02770, .uid = 7, .gid = 8};
    (void)read(dir, manifest + root + tar(directory) +
                        pax(pax_record("SCHILY.xattr.security.capability", capability)) + tar(ping) +
                        tar({.name = "rootfs/soft", .type = '2', .target = "x", .uid = 5, .gid = 6}) +
                        tar_end);

    auto rootfs = dir.path() / "rootfs";
    CHECK(look_at(rootfs / "ping").st_uid == 1234567);
    CHECK(look_at(rootfs / "ping").st_gid == 4321);
    CHECK(look_at(rootfs / "ping").st_mode == (S_IFREG | 06755));
    CHECK(::getxattr((rootfs / "ping").c_str(), "security.capability", nullptr, 0) == 20);
    CHECK(look_at(rootfs / "dir").st_mode == (S_IFDIR | 02770));
    CHECK(look_at(rootfs / "dir").st_uid == 7);
    CHECK(look_at(rootfs / "soft").st_uid == 5);
}

TEST_CASE("IMG-8: attributes of users are kept, those of the host it came from are left out") {
    TempDir dir;
    AciContents contents = read(dir, manifest + root +
                                         pax(pax_record("SCHILY.xattr.user.colour", "blue") +
                                             pax_record("SCHILY.xattr.security.selinux", "x")) +
                                         tar(file("rootfs/a")) + tar_end);
    char value[8];
    CHECK(::getxattr((dir.path() / "rootfs/a").c_str(), "user.colour", value, sizeof value) == 4);
    CHECK(::listxattr((dir.path() / "rootfs/a").c_str(), nullptr, 0) == sizeof "user.colour");
    CHECK(contents.warnings == std::vector<std::string>{"the attribute security.selinux was left out"});
}

TEST_CASE("IMG-10, IMG-11: the id is that of the uncompressed bytes, padding included") {
    std::string archive = manifest + root + tar(file("rootfs/a", std::string(300000, 'a'))) + tar_end;
    std::string padded = archive + std::string(9000, '\0');
    for (const std::string& each : {archive, gzip(archive), zstd(archive), zstd(archive) + zstd("")}) {
        TempDir dir;
        CHECK(read(dir, each).id.str() == id_of(archive));
        CHECK(std::filesystem::file_size(dir.path() / "rootfs/a") == 300000);
    }
    for (const std::string& each : {padded, gzip(padded), gzip(archive) + gzip(std::string(9000, '\0'))}) {
        TempDir dir;
        CHECK(read(dir, each).id.str() == id_of(padded));
    }
}

TEST_CASE("IMG-12: what is cut off, damaged or followed by something is refused") {
    std::string archive = manifest + root + tar(file("rootfs/a", std::string(3000, 'a'))) + tar_end;
    std::string zipped = gzip(archive);
    CHECK(fault(zipped) == "");
    CHECK(fault(zipped.substr(0, zipped.size() / 2)) == "reading gzip: it is cut off");
    CHECK(fault(zipped.substr(0, zipped.size() - 4)) == "reading gzip: it is cut off");
    std::string damaged = zipped;
    damaged[zipped.size() - 6] ^= 1;
    CHECK(fault(damaged) == "reading gzip: incorrect data check");
    CHECK(fault(zipped + "junk") == "reading gzip: incorrect header check");
    CHECK(fault(archive + "junk") == "something follows the end of the archive");
    CHECK(fault(archive + manifest + tar_end) == "something follows the end of the archive");
    CHECK(fault(archive.substr(0, archive.size() - tar_end.size())) ==
          "the archive is cut off: it has no end marker");
    CHECK(fault(archive.substr(0, archive.size() - tar_end.size() - 1000)) != "");
    CHECK(fault(manifest + root + tar(file("rootfs/zeros", std::string(2048, '\0')))) ==
          "the archive is cut off: it has no end marker");
}

TEST_CASE("what is not a tar archive is refused") {
    CHECK(fault("") == "it is empty");
    for (const std::string& bad :
         {std::string("x"), std::string(5000, 'x'), gzip("hello"), gzip(gzip(tar_end))})
        CHECK(fault(bad) == "it is neither a tar archive nor one compressed by gzip, bzip2, xz or zstd");
    CHECK(fault("PK\3\4" + std::string(600, '\0')) ==
          "it is neither a tar archive nor one compressed by gzip, bzip2, xz or zstd");
    CHECK(fault(gzip("")) == "it is empty");
}

TEST_CASE("IMG-7, IMG-18: an archive without a manifest is no ACI, one without rootfs is warned of") {
    CHECK(fault(tar_end) == "the archive has no manifest: it is not an ACI");
    CHECK(fault(root + tar(file("rootfs/a")) + tar_end) == "the archive has no manifest: it is not an ACI");
    TempDir dir;
    CHECK(read(dir, tar(file("rootfs/a/b/c", "x")) + manifest + tar_end).warnings.size() == 1);
    CHECK(read_file(dir.path() / "rootfs/a/b/c") == "x");
    CHECK(look_at(dir.path() / "rootfs/a").st_mode == (S_IFDIR | 0755));
    std::string large = tar({.name = "manifest", .content = std::string((4 << 20) + 1, ' ')});
    CHECK(fault(large + root + tar_end) == "reading the entry \"manifest\": it has more than 4194304 bytes");
    std::string no_text = tar({.name = "manifest", .content = "{\"name\": \"caf\xe9\"}"});
    CHECK(fault(no_text + root + tar_end) == "reading an image manifest: it is not UTF-8");
}

TEST_CASE("IMG-9: nothing is written outside") {
    TempDir outside;
    Member soft = {.name = "rootfs/out", .type = '2', .target = outside.path().native()};
    CHECK(fault(manifest + root + tar(soft) + tar(file("rootfs/out/a")) + tar_end) ==
          "reading the entry \"rootfs/out/a\": it would be written through the link rootfs/out");
    CHECK(fault(manifest + root + tar(file("rootfs/../../a")) + tar_end) != "");
    CHECK(fault(manifest + root + tar(file("/rootfs/a")) + tar_end) != "");
    CHECK(std::filesystem::is_empty(outside.path()));
}

TEST_CASE("a bomb is stopped by the limits") {
    std::string archive = manifest + root + tar(file("rootfs/a", std::string(100000, '\0'))) + tar_end;
    CHECK(fault(gzip(archive), {.bytes = 50000, .entries = 10}) ==
          "the archive unpacks to more than 50000 bytes");
    CHECK(fault(archive, {.bytes = 1000000, .entries = 2}) == "the archive has more than 2 entries");
    Member huge = file("rootfs/a");
    std::string header = tar(huge);
    CHECK(fault(manifest + root + pax(pax_record("size", "8000000000000000000")) + header + tar_end) ==
          "the archive unpacks to more than 1073741824 bytes");
}

TEST_CASE("a hole stays a hole") {
    TempDir dir;
    std::string map = "2\n0\n512\n100000\n1\n";
    map.resize(512);
    std::string sparse =
        pax(pax_record("GNU.sparse.major", "1") + pax_record("GNU.sparse.minor", "0") +
            pax_record("GNU.sparse.name", "rootfs/sparse") + pax_record("GNU.sparse.realsize", "200000"));
    (void)read(dir, manifest + root + sparse +
                        tar(file("rootfs/GNUSparseFile.0/sparse", map + std::string(513, 'x'))) + tar_end);
    std::string content = read_file(dir.path() / "rootfs/sparse");
    CHECK(content.size() == 200000);
    CHECK(content.substr(0, 513) == std::string(512, 'x') + '\0');
    CHECK(content.substr(99999, 3) == std::string("\0x\0", 3));
}

TEST_CASE("the copy is the archive as it came, and a pipe will do as source") {
    TempDir dir;
    std::string archive = gzip(manifest + root + tar(file("rootfs/a", std::string(200000, 'x'))) + tar_end);
    Dir target = Dir::open(dir.path());
    Fd copy = target.make_file("copy", 0600);
    int ends[2];
    REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
    Fd in(ends[0]);
    std::thread writer([&archive, out = Fd(ends[1])] {
        for (char c : archive.substr(0, 20))
            write_fully(out.get(), {&c, 1}, "pipe");
        write_fully(out.get(), archive.substr(20), "pipe");
    });
    (void)read_aci(in.get(), copy.get(), target, generous);
    writer.join();
    CHECK(read_file(dir.path() / "copy") == archive);
}

TEST_CASE("a bad entry is refused at once, also when more is awaited") {
    TempDir dir;
    int ends[2];
    REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
    Fd in(ends[0]);
    Fd out(ends[1]); // and stays open
    std::string bad = tar(file("evil", std::string(300000, 'x')));
    std::thread writer([&] { write_fully(out.get(), bad, "pipe"); });
    CHECK_THROWS_AS((void)read_aci(in.get(), -1, Dir::open(dir.path()), generous), Error);
    in.reset();
    writer.join();
}
