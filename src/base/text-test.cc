// SPDX-License-Identifier: Apache-2.0

#include "base/text.h"

#include <doctest/doctest.h>

using namespace rkt;

TEST_CASE("splitting keeps empty parts") {
    CHECK(split("a,,b", ',') == std::vector<std::string_view>{"a", "", "b"});
    CHECK(split("", ',') == std::vector<std::string_view>{""});
}

TEST_CASE("joining is the inverse of splitting") {
    std::vector<std::string> parts = {"a", "", "b"};
    CHECK(join(parts, ",") == "a,,b");
    CHECK(join({}, ",").empty());
}

TEST_CASE("trimming takes the blanks around, not within") {
    CHECK(trim(" a b\n") == "a b");
    CHECK(trim(" \t").empty());
}

TEST_CASE("a number is digits and nothing else") {
    CHECK(parse_number("42") == 42);
    CHECK(parse_number("18446744073709551615") == UINT64_MAX);
    for (auto bad : {"", "-1", "+1", " 1", "1 ", "0x1", "18446744073709551616"})
        CHECK_FALSE(parse_number(bad));
}

TEST_CASE("hexadecimal there and back") {
    std::vector<std::uint8_t> bytes = {0x00, 0xaf, 0xff};
    CHECK(hex(bytes) == "00afff");
    CHECK(parse_hex("00AFff") == bytes);
    CHECK_FALSE(parse_hex("0"));
    CHECK_FALSE(parse_hex("0g"));
}

TEST_CASE("only the letters of ASCII have small forms") {
    CHECK(lower_case("aZ-09Ä") == "az-09Ä");
}

TEST_CASE("base64 is that of RFC 4648 §10") {
    CHECK(base64("").empty());
    CHECK(base64("f") == "Zg==");
    CHECK(base64("fo") == "Zm8=");
    CHECK(base64("foo") == "Zm9v");
    CHECK(base64("foobar") == "Zm9vYmFy");
    CHECK(base64("\xff\xfe\x3f") == "//4/");
}

TEST_CASE("what a stranger wrote does not move the cursor") {
    CHECK(printable("Ann <ann@example.com>") == "Ann <ann@example.com>");
    CHECK(printable("J\xc3\xbcrgen \xe2\x82\xac") == "J\xc3\xbcrgen \xe2\x82\xac");
    CHECK(printable("a\x1b[2Jb\r\nc\x7f") == "a?[2Jb??c?");
    CHECK(printable("a\xc2\x9b"
                    "2J") == "a?2J");
    CHECK(printable("\xe2\x80\xae"
                    "evil\xe2\x81\xa9\xe2") == "?evil?\xe2");
}
