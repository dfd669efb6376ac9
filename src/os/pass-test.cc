// SPDX-License-Identifier: Apache-2.0

#include "os/pass.h"

#include "os/file.h"

#include <doctest/doctest.h>

#include <array>

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace rkt;

TEST_CASE("a descriptor that is handed over reads what the first one would") {
    auto [here, there] = make_socket_pair();
    std::array<int, 2> ends = {};
    REQUIRE(::pipe2(ends.data(), O_CLOEXEC) == 0);
    Fd reader(ends[0]);
    Fd writer(ends[1]);
    send_fd(here.get(), reader.get());
    reader.reset();
    Fd received = receive_fd(there.get());
    REQUIRE(received);
    CHECK((::fcntl(received.get(), F_GETFD) & FD_CLOEXEC) != 0);
    write_fully(writer.get(), "hello", "pipe");
    writer.reset();
    CHECK(read_rest(received.get(), "pipe") == "hello");
}

TEST_CASE("who is gone, and who sends something else, hands over nothing") {
    auto [here, there] = make_socket_pair();
    REQUIRE(::send(here.get(), "x", 1, 0) == 1);
    CHECK_FALSE(receive_fd(there.get()));
    here.reset();
    CHECK_FALSE(receive_fd(there.get()));
}

TEST_CASE("a parcel has words and descriptors, and arrives as it was sent") {
    auto [here, there] = make_socket_pair();
    send_parcel(here.get(), "input tty", {here.get(), here.get()});
    send_parcel(here.get(), "words alone");
    std::optional<Parcel> first = receive_parcel(there.get());
    REQUIRE(first);
    CHECK(first->text == "input tty");
    CHECK(first->fds.size() == 2);
    std::optional<Parcel> second = receive_parcel(there.get());
    REQUIRE(second);
    CHECK(second->text == "words alone");
    CHECK(second->fds.empty());
    first.reset();
    here.reset();
    CHECK(receive_parcel(there.get())->is_end());
}
