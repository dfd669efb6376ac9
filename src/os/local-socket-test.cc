// SPDX-License-Identifier: Apache-2.0

#include "os/local-socket.h"

#include "base/error.h"
#include "os/pass.h"
#include "os/temp-dir.h"

#include <doctest/doctest.h>

#include <filesystem>

#include <unistd.h>

using namespace rkt;

TEST_CASE("who connects is heard and known, at a place of any length that is ours alone") {
    TempDir dir;
    std::filesystem::path deep = dir.path() / std::string(100, 'a') / std::string(100, 'b');
    std::filesystem::create_directories(deep);
    Fd listener = listen_at(deep / "socket", SOCK_SEQPACKET);
    CHECK(std::filesystem::status(deep / "socket").permissions() ==
          (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
    CHECK_FALSE(accept_from(listener.get()));
    Fd caller = connect_to(deep / "socket", SOCK_SEQPACKET);
    Fd connection = accept_from(listener.get());
    REQUIRE(connection);
    CHECK(peer_of(connection.get()) == ::geteuid());
    CHECK_FALSE(receive_parcel(connection.get())); // nothing yet, and nobody waits
    send_parcel(caller.get(), "hello");
    CHECK(receive_parcel(connection.get())->text == "hello");
    listener = listen_at(deep / "socket", SOCK_SEQPACKET); // as after a crash
}

TEST_CASE("where nobody listens the error says why") {
    TempDir dir;
    try {
        Fd none = connect_to(dir.path() / "nobody", SOCK_SEQPACKET);
        FAIL("connected");
    } catch (const SystemError& error) {
        CHECK(error.code() == ENOENT);
    }
}
