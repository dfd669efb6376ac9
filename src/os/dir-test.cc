// SPDX-License-Identifier: Apache-2.0

#include "os/dir.h"

#include "base/error.h"
#include "os/file.h"
#include "os/temp-dir.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cerrno>

using namespace rkt;

namespace {

std::string content(const std::optional<Fd>& fd) {
    REQUIRE(fd);
    return read_rest(fd->get(), "a file of the test");
}

} // namespace

TEST_CASE("a link inside a root leads nowhere but inside") {
    TempDir outside;
    TempDir dir;
    write_atomically(outside.path() / "secret", "outside");
    std::filesystem::create_directory(dir.path() / "etc");
    write_atomically(dir.path() / "etc/passwd", "inside");
    std::filesystem::create_symlink("/etc/passwd", dir.path() / "absolute");
    std::filesystem::create_symlink("../../../etc/passwd", dir.path() / "climbing");
    std::filesystem::create_symlink(outside.path() / "secret", dir.path() / "leaving");

    Dir root = Dir::open(dir.path());
    CHECK(content(root.open_beneath("absolute")) == "inside");
    CHECK(content(root.open_beneath("climbing")) == "inside");
    CHECK(content(root.open_beneath("/../etc/passwd")) == "inside");
    CHECK_FALSE(root.open_beneath("leaving"));
    CHECK_FALSE(root.open_beneath("etc/passwd/x"));
}

TEST_CASE("a plain path has no link and does not climb") {
    TempDir dir;
    std::filesystem::create_directories(dir.path() / "a/b");
    std::filesystem::create_symlink("a", dir.path() / "link");

    Dir root = Dir::open(dir.path());
    CHECK(root.open_plain("a/b").path() == dir.path() / "a/b");
    for (auto bad : {"link", "link/b", "..", "a/../..", "/etc", "gone"})
        CHECK_THROWS_AS(root.open_plain(bad), SystemError);
}

TEST_CASE("what is made must be new") {
    TempDir dir;
    Dir root = Dir::open(dir.path());
    root.make_dir("dir", 0700);
    CHECK_THROWS_AS(root.make_dir("dir", 0700), SystemError);
    CHECK(root.make_file("file", 0600));
    CHECK_THROWS_AS((void)root.make_file("file", 0600), SystemError);
    std::filesystem::create_symlink("gone", dir.path() / "link");
    CHECK_THROWS_AS((void)root.make_file("link", 0600), SystemError);
}

TEST_CASE("a rename takes a free name or says that it is taken") {
    TempDir dir;
    Dir root = Dir::open(dir.path());
    root.make_dir("one", 0700);
    root.make_dir("two", 0700);
    CHECK_FALSE(root.rename_if_free("one", root, "two"));
    CHECK(root.rename_if_free("one", root, "three"));
    CHECK_FALSE(root.status("one"));
    CHECK(S_ISDIR(root.status("three")->st_mode));

    std::vector<std::string> names = root.names();
    std::sort(names.begin(), names.end());
    CHECK(names == std::vector<std::string>{"three", "two"});
}

TEST_CASE("a directory that is not there is nothing, or an error that names it") {
    CHECK_FALSE(Dir::find("/gone"));
    CHECK_THROWS_WITH_AS((void)Dir::open("/gone"), "opening /gone: No such file or directory", SystemError);
}
