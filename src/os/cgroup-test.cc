// SPDX-License-Identifier: Apache-2.0

#include "os/cgroup.h"

#include <doctest/doctest.h>

#include <unistd.h>

using namespace rkt;

TEST_CASE("a group below the root has one slash before its name") {
    CHECK(Cgroup("/").child("a").path() == "/a");
    CHECK(Cgroup("/a").child("b").path() == "/a/b");
}

TEST_CASE("a group's parent is the one it is in") {
    CHECK(Cgroup("/a/b").parent().path() == "/a");
    CHECK(Cgroup("/a").parent().path() == "/");
    CHECK(Cgroup("/").parent().path() == "/");
}

TEST_CASE("a process is in its own group, and one that is not there in none") {
    CHECK_FALSE(Cgroup::of(-1));
    if (auto own = Cgroup::own())
        CHECK(Cgroup::of(::getpid())->path() == own->path());
    else
        MESSAGE("skipped: no unified cgroup hierarchy is mounted");
}

TEST_CASE("a group that is gone has no process") {
    CHECK_FALSE(Cgroup("/never/was").populated());
    CHECK(Cgroup("/never/was").remove());
    CHECK(Cgroup("/never/was").processes().empty());
}
