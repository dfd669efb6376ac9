// SPDX-License-Identifier: Apache-2.0

#include "aci/read-ahead.h"

#include "base/error.h"

#include <doctest/doctest.h>

#include <latch>

using namespace rkt;

TEST_CASE("blocks come in their order, and then the end, again and again") {
    int count = 0;
    ReadAhead ahead(
        [&](std::span<std::byte> buffer) {
            if (count == 100)
                return std::size_t{0};
            buffer[0] = static_cast<std::byte>(count++);
            return std::size_t{1};
        },
        [] {});
    for (int i = 0; i < 100; ++i) {
        Block block = ahead.next();
        REQUIRE(block.size() == 1);
        CHECK(block[0] == static_cast<std::byte>(i));
    }
    CHECK(ahead.next().empty());
    CHECK(ahead.next().empty());
}

TEST_CASE("what was thrown comes out, after what was read before it") {
    int count = 0;
    ReadAhead ahead(
        [&](std::span<std::byte>) -> std::size_t {
            if (count++ == 1)
                throw Error("the disk is gone");
            return 1;
        },
        [] {});
    CHECK(ahead.next().size() == 1);
    CHECK_THROWS_WITH_AS((void)ahead.next(), "the disk is gone", Error);
}

TEST_CASE("a reader that is not waited for is stopped") {
    std::latch reading(1);
    std::latch stopped(1);
    {
        ReadAhead ahead(
            [&](std::span<std::byte>) -> std::size_t {
                reading.count_down();
                stopped.wait();
                return 0;
            },
            [&] { stopped.count_down(); });
        reading.wait();
    }
    CHECK(stopped.try_wait());
}
