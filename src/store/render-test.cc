// SPDX-License-Identifier: Apache-2.0

#include "store/render.h"

#include "base/error.h"
#include "os/temp-dir.h"
#include "store/test-image.h"

#include <doctest/doctest.h>

using namespace rkt;
using rkt::test::put_image;
namespace layout = store_layout;

namespace {

const std::string needs_b = R"(, "dependencies": [{"imageName": "b"}])";
const std::string needs_bc = R"(, "dependencies": [{"imageName": "b"}, {"imageName": "c"}])";

Stack stack_of(const TempDir& dir, const ImageId& id) {
    Store store = Store::open(dir.path());
    return make_stack(store, id, store.manifest(id));
}

std::filesystem::path layer(const ImageId& id) {
    return std::filesystem::path(layout::layers) / id.str() / layout::layer_rootfs;
}

} // namespace

TEST_CASE("an image without dependencies is its own layer, and nothing else of it is read") {
    TempDir dir;
    ImageId a = put_image(dir.path(), {.name = "a", .implied = "etc"});
    ImageManifest manifest = Store::open(dir.path()).manifest(a);
    for (auto file : {layout::image_manifest, layout::image_source})
        std::filesystem::remove(dir.path() / layout::images / a.str() / file);
    Stack stack = make_stack(Store::open(dir.path()), a, manifest);
    CHECK(stack.layers == std::vector{layer(a)});
    CHECK(stack.uses.images == std::set{a.str()});
    CHECK(stack.uses.layers == std::set{a.str()});
    CHECK(stack.uses.trees.empty());
}

TEST_CASE("dependencies are stacked, each once where it is uppermost") {
    TempDir dir;
    ImageId d = put_image(dir.path(), {.name = "d"});
    ImageId b = put_image(dir.path(), {.name = "b", .more = R"(, "dependencies": [{"imageName": "d"}])"});
    ImageId c = put_image(dir.path(), {.name = "c", .more = R"(, "dependencies": [{"imageName": "d"}])"});
    ImageId a = put_image(dir.path(), {.name = "a", .more = needs_bc});
    Stack stack = stack_of(dir, a); // D, B, D, C, A from below
    CHECK(stack.layers == std::vector{layer(a), layer(c), layer(d), layer(b)});
    CHECK(stack.uses.images == std::set{a.str(), b.str(), c.str(), d.str()});
    CHECK(stack.uses.layers == stack.uses.images);
    CHECK(std::filesystem::is_empty(dir.path() / layout::trees));
}

TEST_CASE("what cannot be stacked is rendered, once") {
    TempDir dir;
    put_image(dir.path(), {.name = "b", .files = {"etc/b", "lib/b"}});
    ImageId a = put_image(
        dir.path(), {.name = "a", .files = {"etc/a"}, .more = needs_b + R"(, "pathWhitelist": ["/etc/b"])"});
    Stack stack = stack_of(dir, a);
    REQUIRE(stack.layers.size() == 1);
    auto tree = dir.path() / stack.layers.front();
    CHECK(read_file(tree / "etc/b") == "b");
    CHECK_FALSE(std::filesystem::exists(tree / "etc/a"));
    CHECK_FALSE(std::filesystem::exists(tree / "lib"));
    CHECK(stack.uses.images.size() == 2);
    CHECK(stack.uses.layers.empty());
    CHECK(stack.uses.trees == std::set{tree.parent_path().filename().native()});
    CHECK(std::filesystem::is_empty(dir.path() / layout::tmp));

    write_plainly(tree / "mark", "");
    CHECK(stack_of(dir, a).layers == stack.layers);
    CHECK(std::filesystem::exists(tree / "mark"));
    CHECK(Pin::parse(stack.uses.str()).trees == stack.uses.trees);
}

TEST_CASE("a tree is named by what it is rendered from") {
    TempDir dir;
    put_image(dir.path(), {.name = "b", .files = {"x", "y"}});
    auto tree_of = [&](const std::string& name, const std::string& whitelist) {
        ImageId id =
            put_image(dir.path(), {.name = name, .more = needs_b + ", \"pathWhitelist\": " + whitelist});
        return stack_of(dir, id).layers.front();
    };
    std::set<std::filesystem::path> trees = {tree_of("a1", R"(["/x"])"), tree_of("a2", R"(["/y"])"),
                                             tree_of("a3", R"(["/x", "/y"])")};
    CHECK(trees.size() == 3);
}

TEST_CASE("IMG-33: a directory that is only implied does not hide what lies below it") {
    TempDir dir;
    ImageId b = put_image(dir.path(), {.name = "b", .files = {"etc/b"}, .implied = "etc"});
    ImageId a = put_image(dir.path(), {.name = "a", .files = {"etc/a"}, .more = needs_b});
    CHECK(stack_of(dir, a).layers == std::vector{layer(a), layer(b)}); // the lowest hides nothing
    std::filesystem::permissions(dir.path() / layer(b) / "etc", std::filesystem::perms::owner_all);
    ImageId c = put_image(dir.path(), {.name = "c",
                                       .files = {"etc/c"},
                                       .more = R"(, "dependencies": [{"imageName": "a"}])",
                                       .implied = "etc"});
    Stack stack = stack_of(dir, c);
    REQUIRE(stack.layers.size() == 1);
    CHECK(stack.layers.front().native().starts_with(layout::trees));
    CHECK(read_file(dir.path() / stack.layers.front() / "etc/b") == "b");
}

TEST_CASE("what fails leaves nothing behind, and says what was rendered") {
    TempDir dir;
    ImageId a = put_image(dir.path(), {.name = "a", .more = needs_b});
    CHECK_THROWS_WITH_AS(
        stack_of(dir, a),
        "rendering image a: image a depends on b, which is not in the store; rkt fetch gets it", Error);
    ImageId b = put_image(dir.path(), {.name = "b", .files = {"x"}, .more = R"(, "pathWhitelist": ["/x"])"});
    std::filesystem::remove_all(dir.path() / layer(b));
    CHECK_THROWS_AS(stack_of(dir, a), Error);
    CHECK(std::filesystem::is_empty(dir.path() / layout::trees));
    CHECK(std::filesystem::is_empty(dir.path() / layout::tmp));
}

TEST_CASE("an image of several layers can only lie at the bottom, since its whiteouts mean itself") {
    TempDir dir;
    ImageId b = put_image(dir.path(), {.name = "b"});
    ImageId c = put_image(dir.path(), {.name = "c"});
    write_plainly(dir.path() / layout::images / c.str() / layout::image_layers,
                  c.str() + "\n" + b.str() + "\n");
    ImageId a = put_image(dir.path(), {.name = "a", .more = R"(, "dependencies": [{"imageName": "c"}])"});
    CHECK(stack_of(dir, a).layers == std::vector{layer(a), layer(c), layer(b)});
    ImageId e = put_image(dir.path(), {.name = "e", .more = needs_bc});
    CHECK_THROWS_AS(stack_of(dir, e), Error);
}
