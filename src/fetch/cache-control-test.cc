// SPDX-License-Identifier: Apache-2.0

#include "fetch/cache-control.h"

#include <doctest/doctest.h>

using namespace rkt;

TEST_CASE("what servers say about how long an answer holds") {
    struct Row {
        const char* header;
        int max_age;
        bool may_be_noted;
    };
    constexpr Row rows[] = {
        {"", 0, true},
        {"max-age=60", 60, true},
        {"Max-Age = 60 , public", 60, true},
        {"max-age=\"60\"", 60, true},
        {"max-age=60, max-age=30", 30, true},
        {"max-age=60, no-cache", 0, true},
        {"no-cache, max-age=60", 0, true},
        {"no-store, max-age=60", 0, false},
        {"max-age=-1", 0, true},
        {"max-age=1.5", 0, true},
        {"max-age", 0, true},
        {"max-age=", 0, true},
        {"max-age=x, max-age=7", 7, true},
        {"s-maxage=60", 0, true},
        {"max-age=18446744073709551615", 365 * 24 * 3600, true},
        {"max-age=99999999999999999999999", 0, true},
        {",,=,max-age=5,", 5, true},
    };
    for (const Row& row : rows) {
        CAPTURE(std::string(row.header));
        CacheControl control = CacheControl::parse(row.header);
        CHECK(control.max_age.count() == row.max_age);
        CHECK(control.may_be_noted == row.may_be_noted);
    }
}

TEST_CASE("the time an answer has spent on the way is taken off") {
    HttpHead head = {.headers = {{"cache-control", "max-age=60"}, {"age", "20"}}};
    CHECK(cache_control_of(head).max_age.count() == 40);
    head.headers["age"] = "100";
    CHECK(cache_control_of(head).max_age.count() == 0);
    CHECK(cache_control_of({}).max_age.count() == 0);
}
