// SPDX-License-Identifier: Apache-2.0

#include "appc/uuid.h"

#include "base/error.h"

#include <doctest/doctest.h>

using namespace rkt;

TEST_CASE("AC-TYPE-15: a UUID is read in either case, with and without hyphens") {
    for (auto good : {"de305d54-75b4-431b-adb2-eb6b9e546014", "DE305D54-75B4-431B-ADB2-EB6B9E546014",
                      "de305d5475b4431badb2eb6b9e546014", "DE305D5475B4431BADB2EB6B9E546014"}) {
        CAPTURE(good);
        Uuid uuid = Uuid::parse(good);
        CHECK(uuid.str() == "de305d54-75b4-431b-adb2-eb6b9e546014");
        CHECK(uuid.machine_id() == "de305d5475b4431badb2eb6b9e546014");
        CHECK(uuid.bytes()[0] == 0xde);
    }
    for (auto bad : {"", "asdf", "de305d54-75b4-431b-adb2-eb6b9e54601",
                     "de305d54-75b4-431b-adb2-eb6b9e5460144", "de305d54-75b4-431b-adb2-eb6b9e54601g",
                     "de305d5475b4-431b-adb2-eb6b9e546014", "----de305d5475b4431badb2eb6b9e546014",
                     "{de305d54-75b4-431b-adb2-eb6b9e546014}", "de305d54-75b4431b-adb2-eb6b9e546014-"}) {
        CAPTURE(bad);
        CHECK_THROWS_AS(Uuid::parse(bad), Error);
    }
}

TEST_CASE("AC-TYPE-15: a new UUID is of version 4 and never the same") {
    Uuid uuid = Uuid::random();
    CHECK(uuid.str()[14] == '4');
    CHECK(std::string("89ab").find(uuid.str()[19]) != std::string::npos);
    CHECK(Uuid::parse(uuid.str()) == uuid);
    CHECK(Uuid::random() != uuid);
}
