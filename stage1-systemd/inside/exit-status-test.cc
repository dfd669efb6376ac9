// SPDX-License-Identifier: Apache-2.0

#include "stage1-systemd/inside/exit-status.h"

#include <doctest/doctest.h>

#include <string>

using namespace rkt;

TEST_CASE("the status of an app is that of a shell") {
    struct Row {
        std::string code;
        std::string status;
        std::optional<int> expected;
    };
    const Row rows[] = {
        {"exited", "0", 0},
        {"exited", "7", 7},
        {"exited", "255", 255},
        {"killed", "KILL", 137},
        {"killed", "TERM", 143},
        {"dumped", "SEGV", 139},
        {"killed", "RTMIN+3", 128 + SIGRTMIN + 3},
    };
    for (const Row& row : rows) {
        CAPTURE(row.code);
        CAPTURE(row.status);
        CHECK(exit_status(row.code, row.status) == row.expected);
    }
}

TEST_CASE("an end that systemd cannot tell has no status") {
    struct Row {
        std::string code;
        std::string status;
    };
    const Row rows[] = {{"", ""},           {"exited", ""},     {"exited", "-1"},   {"exited", "256"},
                        {"exited", "TERM"}, {"killed", "9"},    {"killed", "NONE"}, {"killed", "RTMIN+"},
                        {"killed", ""},     {"stopped", "STOP"}};
    for (const Row& row : rows) {
        CAPTURE(row.code);
        CAPTURE(row.status);
        CHECK_FALSE(exit_status(row.code, row.status));
    }
}
