// SPDX-License-Identifier: Apache-2.0

#include "metadata/form.h"

#include <doctest/doctest.h>

using namespace rkt;

TEST_CASE("MDS-22: the fields of a form are any bytes, decoded") {
    struct Row {
        const char* body;
        Form form;
    };
    for (const Row& row :
         {Row{"", {}}, Row{"content=a", {{"content", "a"}}}, Row{"a=1&b=2", {{"a", "1"}, {"b", "2"}}},
          Row{"a", {{"a", ""}}}, Row{"a=", {{"a", ""}}}, Row{"a=b=c", {{"a", "b=c"}}},
          Row{"&a=1&", {{"a", "1"}}}, Row{"a=b+c%2B%26%3d", {{"a", "b c+&="}}},
          Row{"a=%00%ff", {{"a", std::string("\0\xff", 2)}}}, Row{"%61=%C3%A4", {{"a", "ä"}}}})
        CHECK_MESSAGE(parse_form(row.body) == row.form, row.body);
}

TEST_CASE("MDS-23: a form that is coded badly is none") {
    for (const char* body : {"a=%", "a=%4", "a=%4g", "a=%%41", "%=1", "a=1&a=2", "a=1&%61=1"})
        CHECK_MESSAGE(!parse_form(body), body);
}

TEST_CASE("a plus sign is a blank in a form alone") {
    CHECK(decode_percent("a+b%2Fc") == "a+b/c");
    CHECK_FALSE(decode_percent("%zz"));
}
