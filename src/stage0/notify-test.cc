// SPDX-License-Identifier: Apache-2.0

#include "stage0/notify.h"

#include "os/temp-dir.h"

#include <doctest/doctest.h>

#include <cstring>
#include <string>

#include <sys/socket.h>
#include <sys/un.h>

using namespace rkt;

TEST_CASE("a notice tells the leader and whether the pod is ready") {
    CHECK(parse_notice("X_NSPAWN_LEADER_PID=42\nSTATUS=up").leader == 42);
    CHECK_FALSE(parse_notice("X_NSPAWN_LEADER_PID=42").ready);
    CHECK(parse_notice("STATUS=up\nREADY=1\n").ready);
    for (const char* bad :
         {"X_NSPAWN_LEADER_PID=", "X_NSPAWN_LEADER_PID=-1", "X_NSPAWN_LEADER_PID=99999999999", "READY=0"})
        CHECK_FALSE(parse_notice(bad).leader);
}

TEST_CASE("notices come through a socket whose path is short, however long the pod's is") {
    TempDir dir;
    PodLayout layout = {dir.path() / std::string(100, 'x')};
    std::filesystem::create_directory(layout.dir);
    NotifySocket notify(layout);
    CHECK_FALSE(notify.receive());

    sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = {}};
    REQUIRE(notify.address().size() < sizeof address.sun_path);
    notify.address().copy(address.sun_path, sizeof address.sun_path);
    Fd sender(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    REQUIRE(::sendto(sender.get(), "READY=1", 7, 0, reinterpret_cast<sockaddr*>(&address), sizeof address) ==
            7);
    std::optional<Notice> notice = notify.receive();
    REQUIRE(notice);
    CHECK(notice->ready);
}
