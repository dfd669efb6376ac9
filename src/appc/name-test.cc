// SPDX-License-Identifier: Apache-2.0

#include "appc/name.h"

#include "base/error.h"

#include <doctest/doctest.h>

using namespace rkt;

TEST_CASE("AC-TYPE-1: an identifier is lower-case parts joined by single separators") {
    for (auto good : {"asdf", "foo-bar-baz", "zab_rab_oof", "database", "example.com/database",
                      "example.com/ourapp-1.0.0", "sub-domain.example.com/org/product/release-1.0.0",
                      "example.com/org~alice/release-1.0.0", "a", "0"}) {
        CAPTURE(good);
        CHECK(AcIdentifier::parse(good).str() == good);
    }
    for (auto bad : {"",
                     "BAR",
                     "foo#",
                     "EXAMPLE.com",
                     "foo.com/BAR",
                     "example.com/app_1#",
                     "/app",
                     "app/",
                     "-app",
                     "app-",
                     ".app",
                     "app.",
                     "_app",
                     "app_",
                     "~app",
                     "app~",
                     "a b",
                     "a:b",
                     "a--b",
                     "a//b",
                     "a/../b",
                     "a-_b",
                     "é"}) {
        CAPTURE(bad);
        CHECK_THROWS_AS(AcIdentifier::parse(bad), Error);
    }
}

TEST_CASE("AC-TYPE-2: a name is lower-case parts joined by single hyphens") {
    for (auto good : {"asdf", "foo-bar-baz", "database", "0", "a-1"}) {
        CAPTURE(good);
        CHECK(AcName::parse(good).str() == good);
    }
    for (auto bad : {"", "foo#", "EXAMPLE.com", "foo.com/BAR", "example.com/app_1", "example.com", "a_b",
                     "a.b", "a/b", "a~b", "-app", "app-", "a--b", "a b", "App", "a\n"}) {
        CAPTURE(bad);
        CHECK_THROWS_AS(AcName::parse(bad), Error);
    }
}

TEST_CASE("AC-TYPE-3: what is too long is refused, not cut") {
    CHECK(AcIdentifier::parse(std::string(512, 'a')).str().size() == 512);
    CHECK_THROWS_WITH_AS(AcIdentifier::parse(std::string(513, 'a')),
                         "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…\" has 513 characters, and 512 are allowed",
                         Error);
    CHECK(AcName::parse(std::string(128, 'a')).str().size() == 128);
    CHECK_THROWS_AS(AcName::parse(std::string(129, 'a')), Error);
}

TEST_CASE("the nearest name of a text") {
    CHECK(AcName::nearest("Example.com//Web_1.").str() == "example-com-web-1");
    CHECK(AcName::nearest("-web-").str() == "web");
    CHECK_THROWS_AS(AcName::nearest("../_"), Error);
}

TEST_CASE("a name stands in a message as it is") {
    CHECK(fmt::format("app {}", AcName::parse("web")) == "app web");
}

TEST_CASE("DISC-3: a prefix ends where a part of the name ends") {
    CHECK(AcIdentifier::parse("example.com").is_below("example.com"));
    CHECK(AcIdentifier::parse("example.com/a/b").is_below("example.com/a"));
    CHECK(AcIdentifier::parse("example.com/a").is_below("example.com/"));
    CHECK_FALSE(AcIdentifier::parse("example.com/ab").is_below("example.com/a"));
    CHECK_FALSE(AcIdentifier::parse("example.com").is_below("example.co"));
    CHECK_FALSE(AcIdentifier::parse("example.com").is_below("example.com/"));
    CHECK_FALSE(AcIdentifier::parse("example.com").is_below("example.com/a"));
    CHECK_FALSE(AcIdentifier::parse("example.com").is_below(""));
}
