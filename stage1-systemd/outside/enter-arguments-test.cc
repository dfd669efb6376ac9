// SPDX-License-Identifier: Apache-2.0

#include "stage1-systemd/outside/enter-arguments.h"

#include "base/error.h"

#include <doctest/doctest.h>

using namespace rkt;

TEST_CASE("words behind -- are the command's, whatever they look like") {
    EnterArguments arguments =
        read_enter_arguments({"--pid=7", "--appname=web", "--", "ls", "--pid=8", "-l"});
    CHECK(arguments.leader == 7);
    CHECK(arguments.app == "web");
    CHECK(arguments.command == std::vector<std::string>{"ls", "--pid=8", "-l"});
    CHECK_FALSE(arguments.privileged);
    CHECK_FALSE(arguments.terminal);
}

TEST_CASE("what the command is to have is said before it") {
    EnterArguments arguments = read_enter_arguments({"--pid=7", "--appname=web", "--user=alice",
                                                     "--env=A=x y=z", "--env=B=", "--workdir=/tmp",
                                                     "--terminal=5", "--size=24x80", "--tools=6", "--"});
    CHECK(arguments.user == "alice");
    REQUIRE(arguments.environment.size() == 2);
    CHECK(arguments.environment[0] == std::pair<std::string, std::string>("A", "x y=z"));
    CHECK(arguments.environment[1] == std::pair<std::string, std::string>("B", ""));
    CHECK(arguments.directory == "/tmp");
    CHECK(arguments.terminal == 5);
    CHECK(arguments.tools == 6);
    CHECK(arguments.size.ws_row == 24);
    CHECK(arguments.size.ws_col == 80);
    CHECK(arguments.command.empty());
}

TEST_CASE("what cannot be meant is refused") {
    for (const char* word :
         {"--env=A", "--env==1", "--size=24", "--size=24x99999", "--terminal=-1", "--tools=x", "--pid=0"}) {
        CAPTURE(word);
        CHECK_THROWS_AS((void)read_enter_arguments({"--pid=7", "--appname=web", word, "--", "ls"}),
                        UsageError);
    }
    CHECK_THROWS_AS((void)read_enter_arguments({"--appname=web", "--", "ls"}), UsageError);
    CHECK_THROWS_AS((void)read_enter_arguments({"--pid=7", "--", "ls"}), UsageError);
}
