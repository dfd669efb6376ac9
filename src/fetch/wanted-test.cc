// SPDX-License-Identifier: Apache-2.0

#include "fetch/wanted.h"

#include "appc/platform.h"
#include "base/error.h"

#include <doctest/doctest.h>

using namespace rkt;

namespace {

ImageId id_of(char digit) {
    return ImageId::parse("sha512-" + std::string(ImageId::digest_size * 2, digit));
}

ImageSource came(const std::string& name, std::map<std::string, std::string> labels) {
    return {.name = name, .labels = std::move(labels)};
}

void check_is_wanted(const ImageSource& image, const Wanted& wanted) {
    rkt::check_is_wanted(id_of('a'), image, wanted);
}

Wanted wanted(const std::string& name) {
    return {.image = ImageRef::parse(name)};
}

} // namespace

TEST_CASE("DISC-15: what comes has the name and the labels that were asked for, and may have others") {
    std::string arch(host_platform().arch);
    CHECK_NOTHROW(check_is_wanted(came("example.com/a", {}), wanted("example.com/a")));
    CHECK_NOTHROW(
        check_is_wanted(came("example.com/a", {{"version", "1"}, {"x", "y"}}), wanted("example.com/a:1")));
    CHECK_NOTHROW(check_is_wanted(came("example.com/a", {{"arch", arch}}), wanted("example.com/a")));
    CHECK_THROWS_WITH(check_is_wanted(came("example.com/b", {}), wanted("example.com/a")),
                      "the image that came is example.com/b");
    CHECK_THROWS_WITH(check_is_wanted(came("example.com/a", {{"version", "2"}}), wanted("example.com/a:1")),
                      "the image that came has the label version=2, and 1 was wanted");
    CHECK_THROWS_WITH(check_is_wanted(came("example.com/a", {}), wanted("example.com/a:1")),
                      "the image that came has no label version, and 1 was wanted");
    CHECK_THROWS_AS(check_is_wanted(came("example.com/a", {{"arch", "armv7b"}}), wanted("example.com/a")),
                    Error);
    CHECK_NOTHROW(
        check_is_wanted(came("example.com/a", {{"arch", "armv7b"}}), wanted("example.com/a,arch=armv7b")));
    CHECK_NOTHROW(check_is_wanted(came("example.com/b", {}), wanted("https://example.com/a.aci")));
}

TEST_CASE("ACI-31, ACI-34: a dependency is wanted by name, labels and id") {
    Dependency dependency = {.image_name = AcIdentifier::parse("example.com/base"),
                             .image_id = id_of('a'),
                             .labels = {{AcIdentifier::parse("version"), "1"}},
                             .size = 10};
    Wanted by_id = Wanted::dependency(dependency);
    CHECK(by_id.image.str() == "example.com/base:1");
    CHECK(by_id.size == 10);
    CHECK_NOTHROW(check_is_wanted(came("example.com/base", {{"version", "1"}}), by_id));
    dependency.image_id = id_of('b');
    CHECK_THROWS_AS(
        check_is_wanted(came("example.com/base", {{"version", "1"}}), Wanted::dependency(dependency)), Error);
    CHECK(Wanted::dependency(dependency).key() != by_id.key());
}
