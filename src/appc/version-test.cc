// SPDX-License-Identifier: Apache-2.0

#include "appc/version.h"

#include "base/error.h"

#include <doctest/doctest.h>

using namespace rkt;

TEST_CASE("AC-TYPE-5: a version is what SemVer 2.0.0 says") {
    for (auto good : {"0.0.0", "1.0.0", "1.2.3-alpha+git", "0.8.11+git", "1.0.0-0.3.7", "1.0.0-x-y-z.-",
                      "10.20.30", "1.0.0+001", "1.0.0-rc.1+exp.sha.5114f85", "1.0.0-0a", "1.0.0+a-b",
                      "18446744073709551615.0.0", "1.0.0-99999999999999999999999"}) {
        CAPTURE(good);
        CHECK(SemVer::parse(good).str() == good);
    }
    for (auto bad :
         {"",          "1",      "1.2",    "1.2.3.4",  "v1.2.3",     "01.2.3",    "1.02.3",
          "1.2.03",    "1.2.3-", "1.2.3+", "1.2.3-01", "1.2.3-a..b", "1.2.3-a_b", "1.2.3+a..b",
          "1.2.3+a+b", "1.2.x",  " 1.2.3", "1.2.3 ",   "1.-2.3",     "1..3",      "18446744073709551616.0.0",
          "\"1.2.3\""}) {
        CAPTURE(bad);
        CHECK_THROWS_AS(SemVer::parse(bad), Error);
    }
    CHECK_THROWS_AS(SemVer::parse("1.0.0-" + std::string(300, 'a')), Error);
}

TEST_CASE("AC-TYPE-5: versions have an order") {
    // Each comes before the next.
    const char* rising[] = {"0.9.9",      "1.0.0-alpha",  "1.0.0-alpha.1", "1.0.0-alpha.beta",
                            "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1",
                            "1.0.0",      "1.0.1",        "1.2.0",         "1.10.0",
                            "2.0.0"};
    for (std::size_t i = 0; i < std::size(rising); ++i)
        for (std::size_t k = 0; k < std::size(rising); ++k) {
            CAPTURE(rising[i]);
            CAPTURE(rising[k]);
            CHECK(precedence(SemVer::parse(rising[i]), SemVer::parse(rising[k])) == (i <=> k));
        }
}

TEST_CASE("AC-TYPE-5: a build does not count in the order") {
    SemVer a = SemVer::parse("1.0.0+a");
    SemVer b = SemVer::parse("1.0.0+b");
    CHECK(precedence(a, b) == std::weak_ordering::equivalent);
    CHECK(a != b);
}
