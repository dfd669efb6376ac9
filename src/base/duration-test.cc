// SPDX-License-Identifier: Apache-2.0

#include "base/duration.h"

#include "base/error.h"

#include <doctest/doctest.h>

using namespace rkt;
using namespace std::chrono_literals;

TEST_CASE("a length of time has a unit, or several") {
    CHECK(parse_duration("--x", "30m") == 30min);
    CHECK(parse_duration("--x", "1h30m") == 90min);
    CHECK(parse_duration("--x", "1.5h") == 90min);
    CHECK(parse_duration("--x", "0") == 0s);
    CHECK(parse_duration("--x", "1500ms") == 1s);
}

TEST_CASE("a length of time that is none is refused, with the flag's name") {
    for (const char* bad :
         {"",     "5",       "m",    "-5m",        "5x",  "5m5",   "nan", "1e300h", "inf",    "nanh",
          "NaNs", "nan(1)h", "infh", "infinityms", "-0h", "-nanh", "+5m", "1h-0m",  "1hnanh", " 5m"})
        CHECK_THROWS_AS(parse_duration("--x", bad), UsageError);
}
