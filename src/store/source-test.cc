// SPDX-License-Identifier: Apache-2.0

#include "store/source.h"

#include "base/error.h"

#include <doctest/doctest.h>

using namespace rkt;

TEST_CASE("a source is read as it was written") {
    ImageSource source{.name = "web",
                       .labels = {{"version", "1 \"2\"\n"}},
                       .reference = "/a/web.aci",
                       .size = 1234567890123,
                       .imported = Time(std::chrono::seconds(1700000000))};
    ImageSource again = ImageSource::parse(source.json());
    CHECK(again.name == source.name);
    CHECK(again.labels == source.labels);
    CHECK(again.reference == source.reference);
    CHECK(again.size == source.size);
    CHECK(again.imported == source.imported);
}

TEST_CASE("a source that is damaged is an error") {
    for (auto bad : {"", "{}", "[]", "{\"name\": 1}"})
        CHECK_THROWS_AS(ImageSource::parse(bad), Error);
}
