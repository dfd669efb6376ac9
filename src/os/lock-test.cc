// SPDX-License-Identifier: Apache-2.0

#include "os/lock.h"

#include "base/error.h"
#include "os/temp-dir.h"

#include <doctest/doctest.h>

using namespace rkt;

TEST_CASE("a lock keeps others out until its owner is gone") {
    TempDir dir;

    SUBCASE("exclusive keeps everyone out") {
        auto held = Lock::take(dir.path(), LockMode::Exclusive);
        CHECK_FALSE(Lock::try_take(dir.path(), LockMode::Shared));
        CHECK_FALSE(Lock::try_take(dir.path(), LockMode::Exclusive));
    }
    SUBCASE("shared keeps out only who wants it alone") {
        auto held = Lock::take(dir.path(), LockMode::Shared);
        CHECK(Lock::try_take(dir.path(), LockMode::Shared));
        CHECK_FALSE(Lock::try_take(dir.path(), LockMode::Exclusive));
    }
    SUBCASE("out of scope is free") {
        { auto held = Lock::take(dir.path(), LockMode::Exclusive); }
        CHECK(Lock::try_take(dir.path(), LockMode::Exclusive));
    }
}

TEST_CASE("a lock follows its directory through a rename") {
    TempDir dir;
    std::filesystem::create_directory(dir.path() / "old");
    auto held = Lock::take(dir.path() / "old", LockMode::Exclusive);
    std::filesystem::rename(dir.path() / "old", dir.path() / "new");
    CHECK_FALSE(Lock::try_take(dir.path() / "new", LockMode::Shared));
}

TEST_CASE("a lock on a directory that is not there names it") {
    CHECK_THROWS_WITH_AS(Lock::take("/gone", LockMode::Shared),
                         "opening /gone to lock it: No such file or directory", SystemError);
}
