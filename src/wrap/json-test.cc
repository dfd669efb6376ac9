// SPDX-License-Identifier: Apache-2.0

#include "wrap/json.h"

#include "base/error.h"

#include <doctest/doctest.h>

using namespace rkt;
using namespace std::string_literals;

namespace {

std::string fault_of(std::string_view text, const JsonLimits& limits = {}) {
    try {
        Json::parse(text, limits);
    } catch (const Error& e) {
        return e.what();
    }
    return "";
}

} // namespace

TEST_CASE("every kind of value is read as what it is") {
    Json value = Json::parse(R"({"n": null, "b": true, "i": -3, "u": 18446744073709551615,
                                 "r": 1e3, "s": "é\n", "l": [1, [], {}]})");
    CHECK(value.at("n").is(Json::Kind::Null));
    CHECK(value.at("b").boolean());
    CHECK(value.at("i").integer() == -3);
    CHECK(value.at("u").natural() == UINT64_MAX);
    CHECK(value.at("r").real() == 1000.0);
    CHECK(value.at("s").string() == "é\n");
    CHECK(value.at("l").list().size() == 3);
}

TEST_CASE("integers stay exact") {
    for (auto text : {"0", "-1", "9007199254740993", "-9223372036854775808", "18446744073709551615"})
        CHECK(Json::parse(text).compact() == text);
    CHECK(Json::parse("-0") == Json(0));
    CHECK_THROWS_WITH_AS(Json::parse("18446744073709551615").integer(), "18446744073709551615 is too large",
                         Error);
    CHECK_THROWS_WITH_AS(Json(-1).natural(), "-1 is negative", Error);
}

TEST_CASE("an integer is not a fraction, nor the other way round") {
    CHECK(Json::parse("1") == Json(1));
    CHECK(Json::parse("1.0").is(Json::Kind::Real));
    CHECK(Json::parse("1.0").compact() == "1.0");
    CHECK(Json::parse("0.1").compact() == "0.1");
    CHECK_THROWS_AS(Json::parse("1.0").integer(), Error);
}

TEST_CASE("AC-TYPE-17: what RFC 8259 does not allow is refused") {
    for (auto bad : {
             "",               // nothing
             "{} {}",          // two documents
             "{},",            // something after the document
             "\xef\xbb\xbf{}", // a byte order mark
             "{'a': 1}",       // single quotes
             "{a: 1}",         // a name without quotes
             "{1: 1}",         // a number as a name
             "[1,]",           // a comma too many
             "{\"a\": 1,}",    // here too
             "[,]",            // elements left out
             "[1 2]",          // a comma too few
             "{\"a\" 1}",      // a colon too few
             "// x\n{}",       // a comment
             "{/* x */}",      // a comment
             "[NaN]",          // no number
             "[Infinity]",     // no number
             "[tru]",          // no word of JSON
             "[nullnull]",     // no word of JSON
             "[01]",           // a leading zero
             "[+1]",           // a leading plus
             "[1.]",           // a digit is missing
             "[.5]",           // a digit is missing
             "[1e]",           // a digit is missing
             "[-]",            // a digit is missing
             "[0x10]",         // hexadecimal
             "[1e999]",        // too large for a double
             "[18446744073709551616]",
             "[-9223372036854775809]",
             "[\"a]",     // a string without end
             "[\"\\x\"]", // an unknown escape
             "[\"\\",     // an escape without end
             "[\"\\u12\"]",
             "[\"\\u-123\"]",
             "[\"\\ud800\"]",        // half a pair
             "[\"\\ud800\\u0041\"]", // half a pair
             "[\"\\udc00\"]",        // the other half
             "[\"a\nb\"]",           // a raw newline
             "[\"\xff\"]",           // no UTF-8
             "[\"\xc0\xaf\"]",       // overlong
             "[\"\xed\xa0\x80\"]",   // a surrogate
             "[\"\xf4\x90\x80\x80\"]",
             "[\"\xe2\x82\"]", // cut off
             "[",
             "{",
             "[}",
             "]",
         }) {
        CAPTURE(bad);
        CHECK(fault_of(bad).starts_with("line 1, column "));
    }
}

TEST_CASE("a zero byte does not end the document") {
    CHECK(fault_of("{}\0junk"s) == "line 1, column 3: a character that has no place here");
    CHECK(fault_of("[\"a\0\"]"s) == "line 1, column 4: a control character in a string");
    CHECK(Json::parse(R"(["a\u0000b"])").list().front().string() == "a\0b"s);
}

TEST_CASE("AC-TYPE-18: a member twice in one object is refused") {
    CHECK(fault_of("{\"a\": 1,\n \"a\": 1}") == "line 2, column 2: Duplicate key: 'a'");
    CHECK(fault_of(R"({"a": {"a": 1}, "b": {"a": 1}})").empty());
}

TEST_CASE("AC-TYPE-20: a fault of syntax has its line and column, in characters") {
    CHECK(fault_of("{\n  \"é\": tru }") == "line 2, column 8: a word that is not true, false or null");
    CHECK(fault_of("{\n\"a\" 1}") == "line 2, column 5: Missing ':' after object member name");
}

TEST_CASE("depth and size are limited") {
    JsonLimits limits{.size = 20, .depth = 3};
    CHECK(fault_of("[[[]],[[]]]", limits).empty());
    CHECK(fault_of("[[{\"a\":[]}]]", limits) ==
          "line 1, column 8: too many objects and lists inside each other");
    CHECK(fault_of(std::string(21, ' '), limits) == "the document has 21 bytes, and 20 are allowed");
    CHECK_FALSE(fault_of(std::string(1000000, '[')).empty());
}

TEST_CASE("AC-TYPE-17: an object is what a document must be") {
    CHECK(Json::parse_object(" {} \n").object().empty());
    CHECK_THROWS_WITH_AS(Json::parse_object("[]"), "the document is a list, and must be an object", Error);
    CHECK_THROWS_AS(Json::parse_object("null"), Error);
}

TEST_CASE("a member of the wrong kind and one that is missing are named") {
    Json value = Json::parse(R"({"a": [1]})");
    CHECK_THROWS_WITH_AS(value.at("a").string(), "a list where a string belongs", Error);
    CHECK_THROWS_WITH_AS(value.at("b"), "the member \"b\" is missing", Error);
    CHECK_THROWS_WITH_AS(Json(1).at("b"), "an integer where an object belongs", Error);
    CHECK(value.find("b") == nullptr);
    CHECK(Json(1).find("b") == nullptr);
}

TEST_CASE("a document is built from plain values") {
    Json value;
    value.set("text", "a\"b\\\x01é").set("yes", true).set("count", 3U).set("empty", Json::Object{});
    value.set("words", std::vector<std::string>{"x", "y"}).set("none", Json());
    CHECK(value.compact() ==
          R"({"count":3,"empty":{},"none":null,"text":"a\"b\\\u0001é","words":["x","y"],"yes":true})");
    CHECK(value.at("words").strings() == std::vector<std::string>{"x", "y"});
    CHECK(Json::parse(value.compact()) == value);
    CHECK(Json::parse(value.pretty()) == value);
}

TEST_CASE("what a terminal would obey is escaped, and read as it was") {
    Json value = Json::List{"\x7f\xc2\x80\xc2\x9f\xe2\x80\xae\xe2\x81\xa6\xc2\xa0\xe2\x82\xac"};
    CHECK(value.compact() == "[\"\\u007f\\u0080\\u009f\\u202e\\u2066\xc2\xa0\xe2\x82\xac\"]");
    CHECK(Json::parse(value.compact()) == value);
}

TEST_CASE("pretty is indented by four, with nothing behind the lines") {
    Json value = Json::parse(R"({"b":[],"a":[1,{"c":{}}]})");
    CHECK(value.pretty() == R"({
    "a": [
        1,
        {
            "c": {}
        }
    ],
    "b": []
})");
}
