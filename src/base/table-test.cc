// SPDX-License-Identifier: Apache-2.0

#include "base/table.h"

#include <doctest/doctest.h>

using namespace rkt;

TEST_CASE("cells begin at the same tab stop in every row") {
    CHECK(align({{"UUID", "APP"}, {"0123456789", "web"}}) == "UUID\t\tAPP\n0123456789\tweb\n");
}

TEST_CASE("a cell that fills its column is still followed by a tab") {
    CHECK(align({{"12345678", "x"}, {"", "y"}}) == "12345678\tx\n\t\ty\n");
}

TEST_CASE("a cell that a stranger wrote is one cell, and nothing in it is obeyed") {
    CHECK(align({{"a\x1b[2J\tb\nc\xc2\x9b", "x"}}) == "a?[2J?b?c?\tx\n");
}

TEST_CASE("a character counts once, however many bytes it has") {
    CHECK(align({{"äöüäöüä", "x"}, {"1234567", "y"}}) == "äöüäöüä\tx\n1234567\ty\n");
}
