// SPDX-License-Identifier: Apache-2.0

#include "fetch/validators.h"

#include <doctest/doctest.h>

using namespace rkt;

TEST_CASE("a file is recognised by a strong ETag, else by its date") {
    struct Row {
        const char* etag;
        const char* date;
        const char* version;
    };
    constexpr Row rows[] = {
        {"\"a\"", "today", "\"a\""}, {"W/\"a\"", "today", "today"}, {"a", "today", "today"}, {"", "", ""},
        {"W/\"a\"", "", ""},
    };
    for (const Row& row : rows) {
        CAPTURE(std::string(row.etag));
        Validators given = validators_of({.headers = {{"etag", row.etag}, {"last-modified", row.date}}});
        CHECK(given.etag == row.etag);
        CHECK(given.version() == row.version);
    }
    CHECK(validators_of({}).version().empty());
}

TEST_CASE("by what cannot be noted, or not be sent back as it came, nothing is recognised") {
    for (const char* etag : {"\"\xff\"", "\"\xc3\xa4\"", "\"a\rb\"", "\"a\tb\"", "\"\x7f\""}) {
        CAPTURE(std::string(etag));
        Validators given = validators_of({.headers = {{"etag", etag}, {"last-modified", "today"}}});
        CHECK(given.etag.empty());
        CHECK(given.version() == "today");
    }
    CHECK(validators_of({.headers = {{"etag", std::string("\"a\0b\"", 5)}}}).etag.empty());
}

TEST_CASE("the part of a file that an answer has") {
    std::optional<ContentRange> range = ContentRange::parse("bytes 5-9/10");
    REQUIRE(range);
    CHECK(range->first == 5);
    CHECK(range->last == 9);
    CHECK(range->total == 10);
    range = ContentRange::parse("bytes 0-0/*");
    REQUIRE(range);
    CHECK(range->first == 0);
    CHECK_FALSE(range->total);
    for (const char* text :
         {"", "bytes", "bytes ", "bytes */10", "bytes 5-9", "bytes 5/9-10", "bytes -9/10", "bytes 5-/10",
          "bytes 5-9/", "bytes 5-9/x", "bytes 9-5/10", "bytes 5-10/10", "bytes 5-9/10 ", "bytes 5-9-9/10",
          "bytes 18446744073709551616-1/*", "items 5-9/10", "Bytes 5-9/10"}) {
        CAPTURE(std::string(text));
        CHECK_FALSE(ContentRange::parse(text));
    }
}
