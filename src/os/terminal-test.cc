// SPDX-License-Identifier: Apache-2.0

#include "os/terminal.h"

#include "base/error.h"
#include "os/temp-dir.h"

#include <doctest/doctest.h>

#include <filesystem>

#include <unistd.h>

using namespace rkt;

TEST_CASE("a terminal of our own is raw for the life of an object, and as it was afterwards") {
    TerminalPair pair = open_terminal("/", ::getuid());
    CHECK(is_terminal(pair.slave.get()));
    termios before = {};
    REQUIRE(::tcgetattr(pair.slave.get(), &before) == 0);
    termios now = {};
    {
        RawTerminal raw(pair.slave.get());
        REQUIRE(::tcgetattr(pair.slave.get(), &now) == 0);
        CHECK((now.c_lflag & static_cast<tcflag_t>(ECHO | ICANON | ISIG)) == 0);
    }
    REQUIRE(::tcgetattr(pair.slave.get(), &now) == 0);
    CHECK(now.c_lflag == before.c_lflag);
    CHECK(now.c_oflag == before.c_oflag);
}

TEST_CASE("a window's size is seen on the other side") {
    TerminalPair pair = open_terminal("/", ::getuid());
    set_window_size(pair.master.get(), {.ws_row = 7, .ws_col = 77, .ws_xpixel = 0, .ws_ypixel = 0});
    auto size = window_size(pair.slave.get());
    REQUIRE(size);
    CHECK(size->ws_row == 7);
    CHECK(size->ws_col == 77);
}

TEST_CASE("what only looks like a terminal multiplexer is not opened for one") {
    TempDir dir;
    std::filesystem::create_directories(dir.path() / "dev" / "pts");
    CHECK_THROWS_AS((void)open_terminal(dir.path(), 0), Error);
    std::filesystem::create_symlink("/dev/null", dir.path() / "dev" / "pts" / "ptmx");
    CHECK_THROWS_AS((void)open_terminal(dir.path(), 0), Error);
    CHECK_FALSE(window_size(-1));
}
