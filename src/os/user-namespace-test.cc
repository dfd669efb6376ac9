// SPDX-License-Identifier: Apache-2.0

#include "os/user-namespace.h"

#include "base/error.h"

#include <doctest/doctest.h>

using namespace rkt;

TEST_CASE("a range is SHIFT:COUNT") {
    CHECK(UserRange::parse("524288:65536") == UserRange{524288, 65536});
    CHECK(UserRange{524288, 65536}.str() == "524288:65536");
    for (const char* bad : {"", "1", "1:", ":1", "1:0", "a:1", "4294967295:2", "1:2:3"}) {
        CAPTURE(bad);
        CHECK_THROWS_AS(UserRange::parse(bad), Error);
    }
}

TEST_CASE("ranges overlap when they have a user in common") {
    UserRange range = {100, 10};
    CHECK(range.overlaps({109, 1}));
    CHECK(range.overlaps({0, 101}));
    CHECK_FALSE(range.overlaps({110, 1}));
    CHECK_FALSE(range.overlaps({0, 100}));
}
