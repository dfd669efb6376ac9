// SPDX-License-Identifier: Apache-2.0

#include "os/root-owned.h"

#include "os/file.h"
#include "os/temp-dir.h"

#include <doctest/doctest.h>

#include <unistd.h>

using namespace rkt;

TEST_CASE("what the system's packages have put there is root's alone") {
    CHECK(find_root_owned("/usr/bin", "env"));
    CHECK(find_root_owned("/usr/bin/", "env"));
}

TEST_CASE("what is not there, no file, or behind other names is not") {
    for (const char* name : {"", ".", "..", "gone", "../bin/env", "/usr/bin/env"}) {
        CAPTURE(std::string(name));
        CHECK_FALSE(find_root_owned("/usr/bin", name));
    }
    CHECK_FALSE(find_root_owned("/usr", "bin"));
    CHECK_FALSE(find_root_owned("/usr/lib/../bin", "env"));
    CHECK_FALSE(find_root_owned("/gone", "env"));
    CHECK_FALSE(find_root_owned("/proc/self/root/usr/bin", "env"));
}

TEST_CASE("what lies where others may write is not") {
    TempDir dir;
    write_plainly(dir.path() / "file", "x");
    CHECK_FALSE(find_root_owned(dir.path(), "file"));
}
