// SPDX-License-Identifier: Apache-2.0

#include "os/cgroup.h"

#include <doctest/doctest.h>

using namespace rkt;

TEST_CASE("a group below the root has one slash before its name") {
    CHECK(Cgroup("/").child("a").path() == "/a");
    CHECK(Cgroup("/a").child("b").path() == "/a/b");
}

TEST_CASE("a group that is gone has no process") {
    CHECK_FALSE(Cgroup("/never/was").populated());
    CHECK(Cgroup("/never/was").remove());
}
