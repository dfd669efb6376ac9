// SPDX-License-Identifier: Apache-2.0

#include "appc/quantity.h"

#include "base/error.h"

#include <doctest/doctest.h>

using namespace rkt;

TEST_CASE("AC-TYPE-16: quantities are read exactly") {
    struct {
        const char* text;
        std::int64_t thousandths;
    } rows[] = {
        {"0", 0},
        {"1", 1000},
        {"+1", 1000},
        {"-1", -1000},
        {"1.", 1000},
        {".5", 500},
        {"0.5", 500},
        {"00.5", 500},
        {"500m", 500},
        {"1500000u", 1500},
        {"1000000000n", 1000},
        {"1k", 1000000},
        {"1K", 1000000},
        {"1.5k", 1500000},
        {"1M", 1000000000},
        {"1.G", 1000000000000},
        {"1T", 1000000000000000},
        {"1e3", 1000000},
        {"1E3", 1000000},
        {"1e+3", 1000000},
        {"15e-1", 1500},
        {"0e5", 0},
        {"1Ki", 1024000},
        {"0.5Ki", 512000},
        {"1.5Mi", 1572864000},
        {"1Gi", 1073741824000},
        {"0.0009765625Ki", 1000},
        {"-300m", -300},
        {"123.456", 123456},
        {"0n", 0},
    };
    for (const auto& row : rows) {
        CAPTURE(row.text);
        CHECK(Quantity::parse(row.text).thousandths() == row.thousandths);
    }
}

TEST_CASE("AC-TYPE-16: what is no quantity is refused") {
    for (auto bad : {"",     "1.1.M", "1+1.0M", "0.1mi", "0.1am", "aoeu", ".5i", "1i", "-3.01i", "1Zi",
                     "1ki",  ".",     "-",      "+",     "1 k",   " 1",   "1 ",  "e3", "1e",     "1e+",
                     "1e3k", "1e1.5", "--1",    "0x1",   "1KiB",  "1B",   "NaN", "1,5"}) {
        CAPTURE(bad);
        CHECK_THROWS_AS(Quantity::parse(bad), Error);
    }
    CHECK_THROWS_AS(Quantity::parse(std::string(65, '1')), Error);
}

TEST_CASE("AC-TYPE-16: converting to an integer rounds up") {
    CHECK(Quantity::parse("0.3").whole() == 1);
    CHECK(Quantity::parse("300m").whole() == 1);
    CHECK(Quantity::parse("1n").whole() == 1);
    CHECK(Quantity::parse("1n").thousandths() == 1);
    CHECK(Quantity::parse("1.0").whole() == 1);
    CHECK(Quantity::parse("1.0001k").whole() == 1001);
    CHECK(Quantity::parse("0").whole() == 0);
}

TEST_CASE("AC-TYPE-16: finer than a billionth is rounded up, larger than 2^63 - 1 is cut") {
    CHECK(Quantity::parse("0.1n") == Quantity::parse("1n"));
    CHECK(Quantity::parse("1.1n") == Quantity::parse("2n"));
    CHECK(Quantity::parse("1e-999999") == Quantity::parse("1n"));
    CHECK(Quantity::parse("0e-99") == Quantity::parse("0"));
    CHECK(Quantity::parse("8Ei").whole() == INT64_MAX);
    CHECK(Quantity::parse("7.99999999999999999Ei").whole() == 9223372036854775797);
    CHECK(Quantity::parse("9223372036854775807").whole() == INT64_MAX);
    CHECK(Quantity::parse("9223372036854775808").whole() == INT64_MAX);
    CHECK(Quantity::parse("1e99999999").whole() == INT64_MAX);
    CHECK(Quantity::parse("10E").thousandths() == INT64_MAX);
    CHECK(Quantity::parse("7Ei").whole() == 7LL << 60);
}

TEST_CASE("AC-TYPE-16: the canonical text keeps the value and the family of the suffix") {
    struct {
        const char* text;
        const char* canonical;
    } rows[] = {
        {"1.5Gi", "1536Mi"},
        {"128974848", "128974848"},
        {"125952Ki", "123Mi"},
        {"1K", "1k"},
        {"1000", "1k"},
        {"1500", "1500"},
        {"0.5", "500m"},
        {"0", "0"},
        {"0Ki", "0"},
        {"0e3", "0"},
        {"1e3", "1e3"},
        {"12E6", "12e6"},
        {"1e1", "10"},
        {"1e-1", "100e-3"},
        {"0.5Ki", "512"},
        {"1.1Ki", "1126400m"},
        {"1024Ki", "1Mi"},
        {"1000Ki", "1000Ki"},
        {"1000000E", "9223372036854775807"},
        {"-2000", "-2k"},
        {"0.000000001", "1n"},
        {"+1", "1"},
        {"4Ei", "4Ei"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.text);
        Quantity quantity = Quantity::parse(row.text);
        CHECK(quantity.str() == row.canonical);
        CHECK(Quantity::parse(quantity.str()) == quantity);
    }
}

TEST_CASE("AC-TYPE-16: quantities are compared by value") {
    CHECK(Quantity::parse("1k") == Quantity::parse("1000"));
    CHECK(Quantity::parse("1Ki") > Quantity::parse("1k"));
    CHECK(Quantity::parse("-1").is_negative());
    CHECK_FALSE(Quantity::parse("-0").is_negative());
}
