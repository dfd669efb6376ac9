// SPDX-License-Identifier: Apache-2.0

#include "base/moment.h"

#include <doctest/doctest.h>

using namespace rkt;
using namespace std::chrono_literals;

TEST_CASE("a moment as the kernel writes it, also before 1970") {
    CHECK(moment_of({.tv_sec = 2, .tv_nsec = 3}).time_since_epoch() == 2s + 3ns);
    CHECK(moment_of({.tv_sec = -2, .tv_nsec = 999'999'999}).time_since_epoch() == -1s - 1ns);
}

TEST_CASE("what has passed is told in the largest unit that fits") {
    Moment now = std::chrono::system_clock::now();
    CHECK(ago(now - 400ms, now) == "just now");
    CHECK(ago(now - 1s, now) == "1 second ago");
    CHECK(ago(now - 59s, now) == "59 seconds ago");
    CHECK(ago(now - 2min, now) == "2 minutes ago");
    CHECK(ago(now - 25h, now) == "1 day ago");
    CHECK(ago(now + 1h, now) == "in the future");
}

TEST_CASE("a moment in full has its milliseconds and its zone") {
    CHECK(in_full(Moment(1500ms)).find("1970-01-01") == 0);
    CHECK(in_full(Moment(1500ms)).find(".500 ") != std::string::npos);
}

TEST_CASE("a day is that of UTC") {
    CHECK(day_of(std::chrono::system_clock::from_time_t(0)) == "1970-01-01");
    CHECK(day_of(std::chrono::system_clock::from_time_t(2114380800)) == "2037-01-01");
}
