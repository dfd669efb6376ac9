// SPDX-License-Identifier: Apache-2.0

#include "aci/contents.h"

#include "base/error.h"

#include <doctest/doctest.h>

using namespace rkt;

TEST_CASE("what was found out is told without loss") {
    AciContents contents{.id = ImageId::parse("sha512-" + std::string(128, 'a')),
                         .manifest = "{\"a\": \"\\u0000\"}\n",
                         .bytes = 1,
                         .source_bytes = 1ull << 60,
                         .warnings = {"one", "two"}};
    AciContents again = AciContents::parse(contents.json());
    CHECK(again.id == contents.id);
    CHECK(again.manifest == contents.manifest);
    CHECK(again.bytes == contents.bytes);
    CHECK(again.source_bytes == contents.source_bytes);
    CHECK(again.warnings == contents.warnings);
    CHECK_THROWS_AS(AciContents::parse("{}"), Error);
}

TEST_CASE("a warning may have the bytes of any name, and can be told all the same") {
    AciContents contents{.id = ImageId::parse("sha512-" + std::string(128, 'a')),
                         .warnings = {"caf\xc3\xa9", "the attribute user.\xff was left out"}};
    CHECK(AciContents::parse(contents.json()).warnings ==
          std::vector<std::string>{"caf\xc3\xa9", "the attribute user.\\xff was left out"});
}
