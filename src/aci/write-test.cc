// SPDX-License-Identifier: Apache-2.0

#include "aci/write.h"

#include "aci/read.h"
#include "os/file.h"
#include "os/temp-dir.h"

#include <doctest/doctest.h>

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/xattr.h>
#include <unistd.h>

using namespace rkt;

namespace {

std::vector<std::string> write(const std::filesystem::path& root, const std::filesystem::path& archive,
                               const std::optional<IdShift>& shift = std::nullopt) {
    Fd fd(::open(archive.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    return write_aci(fd.get(), "{}", Dir::open(root), shift);
}

void make_socket(const std::filesystem::path& path) {
    Fd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_un address = {};
    address.sun_family = AF_UNIX;
    REQUIRE(path.native().size() < sizeof address.sun_path);
    path.native().copy(address.sun_path, path.native().size());
    REQUIRE(::bind(fd.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
}

} // namespace

TEST_CASE("IMG-4, IMG-8: what is written is an image that can be read, the same every time") {
    TempDir dir;
    auto root = dir.path() / "root";
    std::filesystem::create_directories(root / "etc");
    write_plainly(root / "etc/motd", "hello", 04640);
    std::filesystem::create_hard_link(root / "etc/motd", root / "etc/other");
    std::filesystem::create_symlink("motd", root / "etc/soft");
    std::filesystem::permissions(root / "etc", static_cast<std::filesystem::perms>(01731));
    REQUIRE(::setxattr((root / "etc/motd").c_str(), "user.colour", "red", 3, 0) == 0);
    CHECK(write(root, dir.path() / "1.aci").empty());
    CHECK(write(root, dir.path() / "2.aci").empty());
    CHECK(read_file(dir.path() / "1.aci") == read_file(dir.path() / "2.aci"));

    auto archive = find_file(dir.path() / "1.aci");
    AciContents contents = read_aci(archive->get(), -1, Dir::open(dir.path()), {.bytes = 1 << 20});
    CHECK(contents.warnings.empty());
    CHECK(contents.manifest == "{}");
    auto again = dir.path() / "rootfs";
    CHECK(read_file(again / "etc/motd") == "hello");
    CHECK(std::filesystem::read_symlink(again / "etc/soft") == "motd");
    CHECK(std::filesystem::equivalent(again / "etc/motd", again / "etc/other"));
    struct stat status = {};
    REQUIRE(::stat((again / "etc/motd").c_str(), &status) == 0);
    CHECK((status.st_mode & 07777) == 04640);
    REQUIRE(::stat((again / "etc").c_str(), &status) == 0);
    CHECK((status.st_mode & 07777) == 01731);
    CHECK(write(again, dir.path() / "3.aci").empty());
    CHECK(read_file(dir.path() / "3.aci") == read_file(dir.path() / "1.aci"));
}

TEST_CASE("what no image may have is left out and told of") {
    TempDir dir;
    auto root = dir.path() / "r";
    std::filesystem::create_directories(root);
    write_plainly(root / "file", "x");
    REQUIRE(::setxattr((root / "file").c_str(), "user.overlay.opaque", "y", 1, 0) == 0);
    make_socket(root / "socket");
    CHECK(write(root, dir.path() / "a.aci") ==
          std::vector<std::string>{"/socket was left out: images have neither devices nor sockets",
                                   "the attribute user.overlay.opaque was left out"});
    auto archive = find_file(dir.path() / "a.aci");
    (void)read_aci(archive->get(), -1, Dir::open(dir.path()), {.bytes = 1 << 20});
    CHECK_FALSE(std::filesystem::exists(dir.path() / "rootfs/socket"));
}

TEST_CASE("owners that a user namespace has moved are moved back") {
    TempDir dir;
    auto root = dir.path() / "root";
    std::filesystem::create_directories(root);
    write(root, dir.path() / "plain.aci");
    write(root, dir.path() / "moved.aci", IdShift{.first = ::geteuid(), .count = 1});
    // Who is root already is not moved.
    CHECK((::geteuid() == 0) == (read_file(dir.path() / "plain.aci") == read_file(dir.path() / "moved.aci")));
}
