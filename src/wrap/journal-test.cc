// SPDX-License-Identifier: Apache-2.0

#include "wrap/journal.h"

#include "base/error.h"
#include "os/temp-dir.h"

#include <doctest/doctest.h>

#include <sys/stat.h>

using namespace rkt;

TEST_CASE("what stands in the place of a journal's files keeps nobody waiting, and is none") {
    TempDir dir;
    for (const char* name : {"system.journal", "user-1.journal"})
        REQUIRE(::mkfifo((dir.path() / name).c_str(), 0600) == 0);
    Journal journal = Journal::open(dir.path());
    journal.seek_to_start();
    CHECK_FALSE(journal.next());
    CHECK_FALSE(journal.renew());
}

TEST_CASE("a journal that is not there is an error that names it") {
    CHECK_THROWS_WITH_AS(Journal::open("/gone"), "opening the journal /gone: No such file or directory",
                         SystemError);
}
