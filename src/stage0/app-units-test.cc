// SPDX-License-Identifier: Apache-2.0

#include "stage0/app-units.h"

#include <doctest/doctest.h>

using namespace rkt;

TEST_CASE("what systemctl shows of several services is taken apart, in whatever order it comes") {
    auto units =
        parse_units("MainPID=7\nNRestarts=2\nControlGroup=/system.slice/web.service\nId=web.service\n"
                    "ActiveState=active\nSubState=running\n\n"
                    "Id=db.service\nActiveState=activating\nSubState=auto-restart\nMainPID=0\n");
    REQUIRE(units.size() == 2);
    CHECK(units["web"].state == "active");
    CHECK(units["web"].sub_state == "running");
    CHECK(units["web"].pid == 7);
    CHECK(units["web"].restarts == 2);
    CHECK(units["web"].cgroup == "/system.slice/web.service");
    CHECK(units["db"].state == "activating");
    CHECK(units["db"].sub_state == "auto-restart");
    CHECK(units["db"].pid == 0);
}

TEST_CASE("what systemctl does not write is left out") {
    CHECK(parse_units("").empty());
    CHECK(parse_units("No such unit\n\nId=\n\nId=web.socket\nActiveState=active\n").empty());
    CHECK(parse_units("Id=web.service\nMainPID=99999999999999999999\n").empty());
}
