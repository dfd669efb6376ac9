// SPDX-License-Identifier: Apache-2.0

#include "store/chain.h"

#include "base/error.h"
#include "os/temp-dir.h"
#include "store/test-image.h"

#include <doctest/doctest.h>

using namespace rkt;
using rkt::test::put_image;

namespace {

std::string needs(const std::vector<std::string>& names) {
    std::string list;
    for (const std::string& name : names)
        list += (list.empty() ? "" : ", ") + ("{\"imageName\": \"" + name + "\"}");
    return ", \"dependencies\": [" + list + "]";
}

ImageChain chain_of(const TempDir& dir, const ImageId& id) {
    Store store = Store::open(dir.path());
    return resolve_chain(store, id, store.manifest(id));
}

std::string order_of(const TempDir& dir, const ImageId& id) {
    std::string names;
    for (const ChainImage& image : chain_of(dir, id).images)
        names += image.name;
    return names;
}

std::string fault_of(const TempDir& dir, const ImageId& id) {
    try {
        chain_of(dir, id);
    } catch (const Error& error) {
        return error.what();
    }
    return "";
}

} // namespace

TEST_CASE(
    "IMG-30, IMG-31: dependencies go before what needs them, in order and as often as they are needed") {
    TempDir dir;
    put_image(dir.path(), {.name = "d"});
    put_image(dir.path(), {.name = "c", .more = needs({"d"})});
    put_image(dir.path(), {.name = "b"});
    CHECK(order_of(dir, put_image(dir.path(), {.name = "a", .more = needs({"b", "c"})})) == "bdca");
    put_image(dir.path(), {.name = "e", .more = needs({"d"})});
    CHECK(order_of(dir, put_image(dir.path(), {.name = "f", .more = needs({"e", "c"})})) == "dedcf");
    CHECK(order_of(dir, put_image(dir.path(), {.name = "g", .more = needs({"b", "b"})})) == "bbg"); // ACI-36
}

TEST_CASE("ACI-31, ACI-34: a dependency is found by its id if that is given") {
    TempDir dir;
    ImageId b = put_image(dir.path(), {.name = "b"});
    std::string by_id = R"(, "dependencies": [{"imageName": "b", "imageID": ")";
    CHECK(order_of(dir, put_image(dir.path(), {.name = "a", .more = by_id + b.str() + "\"}]"})) == "ba");
    std::string other = "sha512-" + std::string(ImageId::digest_size * 2, 'e');
    CHECK(fault_of(dir, put_image(dir.path(), {.name = "c", .more = by_id + other + "\"}]"})) ==
          "image c depends on b (" + ImageId::parse(other).brief() +
              "), which is not in the store; rkt fetch gets it");
}

TEST_CASE("a dependency that is missing is named, and so is who needs it") {
    TempDir dir;
    put_image(dir.path(), {.name = "b", .more = needs({"base"})});
    CHECK(fault_of(dir, put_image(dir.path(), {.name = "a", .more = needs({"b"})})) ==
          "image b depends on base, which is not in the store; rkt fetch gets it");
    std::string labels =
        R"(, "dependencies": [{"imageName": "b", "labels": [{"name": "version", "value": "2"}]}])";
    CHECK(fault_of(dir, put_image(dir.path(), {.name = "c", .more = labels})) ==
          "image c depends on b:2, which is not in the store; rkt fetch gets it");
}

TEST_CASE("ACI-33: a dependency that came with another size is refused") {
    TempDir dir;
    put_image(dir.path(), {.name = "b", .retrieved = 100});
    auto with = [](int size) {
        return R"(, "dependencies": [{"imageName": "b", "size": )" + std::to_string(size) + "}]";
    };
    CHECK(order_of(dir, put_image(dir.path(), {.name = "a", .more = with(100)})) == "ba");
    CHECK(fault_of(dir, put_image(dir.path(), {.name = "c", .more = with(99)})) ==
          "image c depends on b with a size of 99 bytes, and the one in the store came with 100");
}

TEST_CASE("IMG-35: circles, depth and number have an end") {
    TempDir dir;
    ImageId self = put_image(dir.path(), {.name = "s", .more = needs({"s"})});
    CHECK(fault_of(dir, self) == "image s depends on itself: s > s");
    put_image(dir.path(), {.name = "b", .more = needs({"c"})});
    ImageId c = put_image(dir.path(), {.name = "c", .more = needs({"b"})});
    CHECK(fault_of(dir, c) == "image c depends on itself: c > b > c");

    put_image(dir.path(), {.name = "n0"});
    ImageId deep = self;
    for (int i = 1; i <= 200; ++i)
        deep = put_image(dir.path(),
                         {.name = fmt::format("n{}", i), .more = needs({fmt::format("n{}", i - 1)})});
    CHECK(fault_of(dir, deep) == "its dependencies are more than 200 deep");

    put_image(dir.path(), {.name = "w0"});
    ImageId wide = self;
    for (int i = 1; i <= 12; ++i) {
        std::string below = fmt::format("w{}", i - 1);
        wide = put_image(dir.path(), {.name = fmt::format("w{}", i), .more = needs({below, below})});
    }
    CHECK(fault_of(dir, wide) == "it needs more than 1000 images one over the other");
}

TEST_CASE("IMG-41, IMG-43: the filter of an image is that of all images on the way to it") {
    TempDir dir;
    put_image(dir.path(), {.name = "c", .more = R"(, "pathWhitelist": ["/x", "/y", "/z"])"});
    put_image(dir.path(), {.name = "b", .more = R"(, "pathWhitelist": ["/x", "/y"])" + needs({"c"})});
    put_image(dir.path(), {.name = "d"});
    ImageId a = put_image(
        dir.path(), {.name = "a", .more = R"(, "pathWhitelist": ["/y", "/z"])" + needs({"b", "c", "d"})});
    ImageChain chain = chain_of(dir, a);
    std::vector<PathFilter> filters;
    for (const ChainImage& image : chain.images)
        filters.push_back(chain.filters[image.filter]);
    // c below b, b, c, d, a: no list leaks to a sibling.
    CHECK(filters == std::vector{make_filter({"/y"}), make_filter({"/y"}), make_filter({"/y", "/z"}),
                                 make_filter({"/y", "/z"}), make_filter({"/y", "/z"})});
}
