// SPDX-License-Identifier: Apache-2.0

#include "store/pin.h"

#include "base/error.h"

#include <doctest/doctest.h>

#include <vector>

using namespace rkt;

namespace {

const std::string digest = "sha512-" + std::string(128, 'a');

} // namespace

TEST_CASE("a pin is read as it was written") {
    Pin pin{.images = {digest}, .layers = {digest, "sha512-" + std::string(128, 'b')}, .trees = {digest}};
    Pin again = Pin::parse(pin.str());
    CHECK(again.images == pin.images);
    CHECK(again.layers == pin.layers);
    CHECK(again.trees == pin.trees);
    Pin more{.images = {"sha512-" + std::string(128, 'c')}};
    more.add(pin);
    CHECK(more.images.size() == 2);
    CHECK(more.layers == pin.layers);
}

TEST_CASE("a pin that is not understood is an error, not a pin of nothing") {
    std::vector<std::string> bads = {
        "",
        "\n",
        "image " + digest,
        "image x\n",
        "pod " + digest + "\n",
        "image " + digest + "\nlayer",
        "image " + digest + "\n\n",
    };
    for (const std::string& bad : bads)
        CHECK_THROWS_AS(Pin::parse(bad), Error);
}
