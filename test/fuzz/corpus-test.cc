// SPDX-License-Identifier: Apache-2.0
//
// What was found by fuzzing a target, and what was thought of, read once more: every file of $RKT_CORPUS.

#include "target.h"

#include "os/file.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>

using namespace rkt;

TEST_CASE("what this target has met before is taken or refused, and nothing else") {
    const char* corpus = std::getenv("RKT_CORPUS");
    REQUIRE(corpus != nullptr);
    std::size_t count = 0;
    for (const auto& file : std::filesystem::directory_iterator(corpus)) {
        CAPTURE(file.path());
        std::string bytes = read_file(file.path());
        CHECK_NOTHROW(
            LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()));
        ++count;
    }
    CHECK(count > 0);
}
