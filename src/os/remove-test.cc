// SPDX-License-Identifier: Apache-2.0

#include "os/remove.h"

#include "base/error.h"
#include "os/dir.h"
#include "os/file.h"
#include "os/temp-dir.h"

#include <doctest/doctest.h>

#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

using namespace rkt;

TEST_CASE("a tree is removed with everything in it") {
    TempDir dir;
    std::filesystem::create_directories(dir.path() / "tree/a/b/c");
    for (int i = 0; i < 300; ++i)
        write_atomically(dir.path() / "tree/a" / std::to_string(i), "x");
    std::filesystem::create_directory(dir.path() / "tree/locked");
    std::filesystem::permissions(dir.path() / "tree/a/b/c", std::filesystem::perms::owner_all);

    Dir root = Dir::open(dir.path());
    root.remove_tree("tree");
    CHECK_FALSE(root.status("tree"));
    root.remove_tree("tree");
}

TEST_CASE("a link is removed, and what it leads to stays") {
    TempDir dir;
    TempDir outside;
    write_atomically(outside.path() / "kept", "x");
    std::filesystem::create_directory(dir.path() / "tree");
    std::filesystem::create_directory_symlink(outside.path(), dir.path() / "tree/link");

    Dir::open(dir.path()).remove_tree("tree");
    CHECK(read_file(outside.path() / "kept") == "x");
    std::filesystem::create_directory_symlink(outside.path(), dir.path() / "link");
    Dir::open(dir.path()).remove_tree("link");
    CHECK(read_file(outside.path() / "kept") == "x");
}

TEST_CASE("no depth is too deep") {
    TempDir dir;
    Dir root = Dir::open(dir.path());
    root.make_dir("tree", 0700);
    Dir here = root.open_plain("tree");
    for (int i = 0; i < 3000; ++i) {
        here.make_dir("d", 0700);
        here = Dir(here.open_plain("d"));
    }
    root.remove_tree("tree");
    CHECK(root.names().empty());
}

TEST_CASE("a mount point is not entered") {
    if (::geteuid() != 0) {
        MESSAGE("skipped: mounting takes root");
        return;
    }
    // In a mount namespace of its own, so that nothing is left however the test ends.
    REQUIRE(::unshare(CLONE_NEWNS) == 0);
    REQUIRE(::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0);
    TempDir dir;
    std::filesystem::create_directories(dir.path() / "tree/mounted");
    std::filesystem::path mounted = dir.path() / "tree/mounted";
    REQUIRE(::mount("tmpfs", mounted.c_str(), "tmpfs", 0, "size=64k") == 0);
    write_atomically(mounted / "kept", "x");

    CHECK_THROWS_AS(Dir::open(dir.path()).remove_tree("tree"), SystemError);
    CHECK(read_file(mounted / "kept") == "x");
    CHECK(::umount2(mounted.c_str(), MNT_DETACH) == 0);
}
