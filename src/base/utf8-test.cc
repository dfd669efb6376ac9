// SPDX-License-Identifier: Apache-2.0

#include "base/utf8.h"

#include <doctest/doctest.h>

using namespace rkt;

TEST_CASE("the length of a character in UTF-8 is known from its bytes, and 0 of what is none") {
    CHECK(utf8_length("ab") == 1);
    CHECK(utf8_length("\xc3\xa9x") == 2);
    CHECK(utf8_length("\xe2\x82\xacx") == 3);
    CHECK(utf8_length("\xf0\x9f\x90\x8bx") == 4);
    for (const char* bad : {"", "\xff", "\x80", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x82"}) {
        CAPTURE(bad);
        CHECK(utf8_length(bad) == 0);
    }
}

TEST_CASE("what is UTF-8 stays as it is, and bytes that are not are shown by their number") {
    struct Case {
        std::string_view text;
        std::string_view shown;
    };
    for (const Case& row :
         {Case{"", ""}, Case{"plain \\xff", "plain \\xff"}, Case{"caf\xc3\xa9", "caf\xc3\xa9"},
          Case{"a\xff\xc3(", "a\\xff\\xc3("}, Case{"\xe2\x82", "\\xe2\\x82"}}) {
        CAPTURE(row.text);
        CHECK(as_utf8(row.text) == row.shown);
        CHECK(is_utf8(row.text) == (row.text == row.shown));
        CHECK(is_utf8(row.shown));
    }
}
