// SPDX-License-Identifier: Apache-2.0

#include "appc/timestamp.h"

#include "base/error.h"

#include <doctest/doctest.h>

using namespace rkt;
using namespace std::chrono_literals;

TEST_CASE("AC-TYPE-10: a time is what RFC 3339 says") {
    for (auto good : {"2004-05-14T23:11:14+00:00", "2014-10-27T19:32:27.67021798-07:00",
                      "2006-01-02T15:04:05Z", "2012-02-29T00:00:00-00:00", "2016-12-31T23:59:60Z",
                      "2017-01-01T00:59:60.5+01:00", "2015-01-01T00:00:00.123456789123Z"}) {
        CAPTURE(good);
        CHECK(Timestamp::parse(good).str() == good);
    }
    for (auto bad : {"",
                     "2014-10-27T19:32:27",
                     "2014-10-27 19:32:27Z",
                     "20141027T193227Z",
                     "2014-10-27T1:32:27Z",
                     "2014-10-27T19:32Z",
                     "2014-10-27T19:32:27,5Z",
                     "2014-10-27T19:32:27.Z",
                     "2014-10-27T19:32:27+25:00",
                     "2014-10-27T19:32:27+01",
                     "2014-10-27T19:32:27+0100",
                     "2014-10-27T19:32:27+01:60",
                     "2014-10-27t19:32:27Z",
                     "2014-10-27T19:32:27z",
                     "2014-02-29T00:00:00Z",
                     "2014-13-01T00:00:00Z",
                     "2014-00-01T00:00:00Z",
                     "2014-01-32T00:00:00Z",
                     "2014-01-00T00:00:00Z",
                     "2014-10-27T24:00:00Z",
                     "2014-10-27T19:60:00Z",
                     "2014-10-27T19:32:61Z",
                     "2014-10-27T19:32:60Z",
                     "2014-10-27T19:32:27ZZ",
                     "2014-10-27T19:32:27Z ",
                     "-014-10-27T19:32:27Z",
                     "9999-10-27T19:32:27Z",
                     "Mon Oct 27 2014"}) {
        CAPTURE(bad);
        CHECK_THROWS_AS(Timestamp::parse(bad), Error);
    }
}

TEST_CASE("AC-TYPE-10: the zone counts") {
    auto utc = Timestamp::parse("2015-01-01T00:00:00Z").time();
    CHECK(Timestamp::parse("2015-01-01T01:30:00+01:30").time() == utc);
    CHECK(Timestamp::parse("2014-12-31T22:30:00.000-01:30").time() == utc);
    CHECK(Timestamp::parse("2015-01-01T00:00:00.5Z").time() - utc == 500ms);
    CHECK(Timestamp::parse("2015-01-01T00:00:00.0000000019Z").time() - utc == 1ns);
}

TEST_CASE("a time of the clock is written in UTC") {
    auto time = std::chrono::sys_seconds(1422619200s);
    CHECK(Timestamp::at(time).str() == "2015-01-30T12:00:00Z");
    CHECK(Timestamp::at(time).time() == time);
}
