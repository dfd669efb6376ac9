// SPDX-License-Identifier: Apache-2.0

#include "base/log.h"

#include <doctest/doctest.h>

#include <string>

#include <unistd.h>

using namespace rkt;

namespace {

// What is written to standard error meanwhile.
std::string told(std::string_view message) {
    int ends[2] = {-1, -1};
    REQUIRE(::pipe(ends) == 0);
    int before = ::dup(STDERR_FILENO);
    ::dup2(ends[1], STDERR_FILENO);
    write_log("", message);
    ::dup2(before, STDERR_FILENO);
    char buffer[256] = {};
    ssize_t count = ::read(ends[0], buffer, sizeof buffer);
    for (int fd : {ends[0], ends[1], before})
        ::close(fd);
    return {buffer, static_cast<std::size_t>(count)};
}

} // namespace

TEST_CASE("what a terminal would obey is not told, for a stranger may have written it") {
    CHECK(told("größe\tof 1") == "rkt: größe\tof 1\n");
    CHECK(told("2 faults:\n  one\n  two") == "rkt: 2 faults:\n  one\n  two\n");
    CHECK(told("no \"x\nrkt: all is well\"") == "rkt: no \"x\n  rkt: all is well\"\n");
    CHECK(told("a\xc2\x9b"
               "2J\xe2\x80\xae\n\xe2\x81\xa6") == "rkt: a?2J?\n  ?\n");
    CHECK(told("a\x1b[2J\r\x07\x7f\x9f") == "rkt: a?[2J???\x9f\n");
}
