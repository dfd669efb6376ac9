// SPDX-License-Identifier: Apache-2.0

#include "os/random.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

using namespace rkt;

TEST_CASE("random bytes fill all of the span, and differ") {
    std::vector<std::uint8_t> first(4096);
    std::vector<std::uint8_t> second(4096);
    fill_random(first);
    fill_random(second);
    CHECK(first != second);
    CHECK(std::ranges::any_of(std::span(first).last(64), [](auto byte) { return byte != 0; }));
}
