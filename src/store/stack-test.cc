// SPDX-License-Identifier: Apache-2.0

#include "store/stack.h"

#include "base/error.h"

#include <doctest/doctest.h>

using namespace rkt;

namespace {

const std::string digest = "sha512-" + std::string(ImageId::digest_size * 2, 'a');

} // namespace

TEST_CASE("a stack is read as it was written") {
    Stack stack = {.layers = {layer_root(digest), "trees/x/rootfs"},
                   .uses = {.images = {digest}, .layers = {digest}, .trees = {digest}}};
    Stack again = Stack::parse(stack.str());
    CHECK(again.layers == stack.layers);
    CHECK(again.uses.images == stack.uses.images);
    CHECK(again.uses.layers == stack.uses.layers);
    CHECK(again.uses.trees == stack.uses.trees);
}

TEST_CASE("a stack that is not understood is an error") {
    for (const std::string& bad : {std::string(), std::string("root a"), std::string("root a\n"),
                                   "root a\nimage " + digest, std::string("x\n")})
        CHECK_THROWS_AS(Stack::parse(bad), Error);
}

TEST_CASE("an image with dependencies or a path whitelist is not plain") {
    ImageManifest manifest = {.name = AcIdentifier::parse("a")};
    CHECK(is_plain(manifest));
    manifest.path_whitelist = {"/a"};
    CHECK_FALSE(is_plain(manifest));
    manifest.path_whitelist.clear();
    manifest.dependencies.push_back({.image_name = AcIdentifier::parse("b")});
    CHECK_FALSE(is_plain(manifest));
}
