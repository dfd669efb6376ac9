// SPDX-License-Identifier: Apache-2.0

#include "os/lock.h"

#include "base/error.h"
#include "os/temp-dir.h"
#include "os/umask.h"

#include <doctest/doctest.h>

#include <fcntl.h>

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

TEST_CASE("a file that is locked is made for its owner alone, whatever the umask") {
    TempDir dir;
    std::filesystem::path file = dir.path() / ".lock";
    Umask none(0);
    for (int round = 0; round < 2; ++round) {
        Lock held = Lock::take_file(file);
        CHECK(std::filesystem::status(file).permissions() == std::filesystem::perms(0600));
        CHECK_FALSE(Lock::try_take(Fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC)), LockMode::Shared));
    }
    CHECK_THROWS_WITH_AS(Lock::take_file("/gone/file"),
                         "opening /gone/file to lock it: No such file or directory", SystemError);
}
