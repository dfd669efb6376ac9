// SPDX-License-Identifier: Apache-2.0

#include "os/fd.h"

#include <doctest/doctest.h>

#include <fcntl.h>
#include <filesystem>
#include <iterator>

using namespace rkt;

namespace {

auto open_descriptors() {
    return std::distance(std::filesystem::directory_iterator("/proc/self/fd"), {});
}

} // namespace

TEST_CASE("moving over an open descriptor closes it") {
    auto before = open_descriptors();
    {
        Fd a(::open("/dev/null", O_RDONLY | O_CLOEXEC));
        Fd b(::open("/dev/null", O_RDONLY | O_CLOEXEC));
        a = std::move(b);
        CHECK(open_descriptors() == before + 1);
        CHECK_FALSE(b);
    }
    CHECK(open_descriptors() == before);
}
