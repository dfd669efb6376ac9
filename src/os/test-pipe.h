// SPDX-License-Identifier: Apache-2.0
//
// For tests: a pipe of which neither end waits.

#pragma once

#include "os/fd.h"

#include <doctest/doctest.h>

#include <array>

#include <fcntl.h>
#include <unistd.h>

namespace rkt {

struct Pipe {
    Pipe() {
        std::array<int, 2> ends = {};
        REQUIRE(::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) == 0);
        reader = Fd(ends[0]);
        writer = Fd(ends[1]);
    }
    Fd reader = {};
    Fd writer = {};
};

} // namespace rkt
