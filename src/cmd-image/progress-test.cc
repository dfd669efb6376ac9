// SPDX-License-Identifier: Apache-2.0

#include "cmd-image/progress.h"

#include <doctest/doctest.h>

using namespace rkt;
using std::chrono::milliseconds;

TEST_CASE("a line tells name, size, rate and the time that is left") {
    CHECK(progress_line({.name = "a.aci",
                         .bytes = 4096,
                         .total = 10240,
                         .new_bytes = 2048,
                         .time = milliseconds(1000)}) == "a.aci: 4.0KiB of 10KiB, 2.0KiB/s, 3 s left");
    CHECK(progress_line({.name = "a.aci", .bytes = 4096, .new_bytes = 4096, .time = milliseconds(2000)}) ==
          "a.aci: 4.0KiB, 2.0KiB/s");
    CHECK(progress_line({.name = "a.aci", .bytes = 10, .total = 10, .new_bytes = 10}) == "a.aci: 10B, 10B/s");
    CHECK(progress_line({.name = "a.aci", .bytes = 0, .total = 10}) == "a.aci: 0B of 10B, 0B/s");
}

TEST_CASE("a bar is as full as the file") {
    CHECK(progress_bar({.name = "", .bytes = 0, .total = 10}, 4) == "[>   ] ");
    CHECK(progress_bar({.name = "", .bytes = 5, .total = 10}, 4) == "[==> ] ");
    CHECK(progress_bar({.name = "", .bytes = 10, .total = 10}, 4) == "[====] ");
    CHECK(progress_bar({.name = "", .bytes = 11, .total = 10}, 4) == "[====] ");
    CHECK(progress_bar({.name = "", .bytes = 5}, 4).empty());
}
