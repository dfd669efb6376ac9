// SPDX-License-Identifier: Apache-2.0

#include "wrap/gzip.h"

#include "base/error.h"
#include "base/text.h"

#include <doctest/doctest.h>

#include <string>

using namespace rkt;

namespace {

// `printf hello | gzip -n`
const std::string hello = [] {
    auto bytes = parse_hex("1f8b0800000000000003cb48cdc9c9070086a6103605000000");
    return std::string(bytes->begin(), bytes->end());
}();

std::string gunzip(std::string data, std::size_t step) {
    std::size_t at = 0;
    Gunzip gunzip([&]() -> Block {
        std::string_view next = std::string_view(data).substr(at, step);
        at += next.size();
        return std::as_bytes(std::span(next));
    });
    std::string result;
    char buffer[3];
    while (auto count = gunzip.read(std::as_writable_bytes(std::span(buffer))))
        result.append(buffer, count);
    return result;
}

} // namespace

TEST_CASE("IMG-10: one member or several, however they come") {
    for (std::size_t step : {1, 7, 1000}) {
        CHECK(gunzip(hello, step) == "hello");
        CHECK(gunzip(hello + hello, step) == "hellohello");
    }
}

TEST_CASE("IMG-12: what is cut off, damaged or followed by something is refused") {
    for (std::size_t length = 1; length < hello.size(); ++length)
        CHECK_THROWS_AS(gunzip(hello.substr(0, length), 1000), Error);

    std::string damaged = hello;
    damaged[hello.size() - 6] ^= 1; // in the check sum
    CHECK_THROWS_WITH_AS(gunzip(damaged, 1000), "reading gzip: incorrect data check", Error);
    damaged = hello;
    damaged[hello.size() - 2] ^= 1; // in the length
    CHECK_THROWS_WITH_AS(gunzip(damaged, 1000), "reading gzip: incorrect length check", Error);
    CHECK_THROWS_AS(gunzip(hello + "junk", 1000), Error);
}
