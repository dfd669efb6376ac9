// SPDX-License-Identifier: Apache-2.0

#include "base/error.h"

#include <doctest/doctest.h>

#include <cerrno>

using namespace rkt;

TEST_CASE("a system error names what was done and ends in the reason") {
    SystemError error(ENOENT, "opening {}", std::filesystem::path("/gone"));
    CHECK(std::string(error.what()) == "opening /gone: No such file or directory");
    CHECK(error.code() == ENOENT);
}

TEST_CASE("context is put in front") {
    Error error("{} is not a number", "x");
    error.during("reading {}", "settings");
    CHECK(std::string(error.what()) == "reading settings: x is not a number");
}
