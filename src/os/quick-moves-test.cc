// SPDX-License-Identifier: Apache-2.0

#include "os/quick-moves.h"

#include <doctest/doctest.h>

#include <cerrno>
#include <chrono>
#include <string>

#include <poll.h>
#include <sys/wait.h>

using namespace rkt;

namespace {

bool is_over(int pidfd, int patience_ms) {
    pollfd poll = {.fd = pidfd, .events = POLLIN, .revents = 0};
    return ::poll(&poll, 1, patience_ms) == 1;
}

} // namespace

TEST_CASE("moves are quick for a while, and end by themselves") {
    QuickMoves moves(std::chrono::milliseconds(20));
    if (moves.pidfd() < 0) {
        MESSAGE("skipped: the cgroup of this process must not be written");
        return;
    }
    CHECK(is_over(moves.pidfd(), 10000));
}

TEST_CASE("nothing is left of them when the object is gone") {
    {
        QuickMoves moves(std::chrono::hours(1));
        if (moves.pidfd() < 0) {
            MESSAGE("skipped: the cgroup of this process must not be written");
            return;
        }
        CHECK_FALSE(is_over(moves.pidfd(), 0));
    }
    CHECK(::waitpid(-1, nullptr, WNOHANG) == -1);
    CHECK(errno == ECHILD);
}
