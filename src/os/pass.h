// SPDX-License-Identifier: Apache-2.0
//
// Handing open descriptors to another process (unix(7), SCM_RIGHTS).

#pragma once

#include "os/fd.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rkt {

// Two ends that are connected, each closed on exec.
std::pair<Fd, Fd> make_socket_pair();

void send_fd(int socket, int fd);

// Waits for one. Empty if the other side is gone, or sent something else.
Fd receive_fd(int socket);

// A few words, and descriptors with them.
struct Parcel {
    static constexpr std::size_t most = 3; // descriptors

    std::string text = {}; // up to 1023 bytes, and not empty
    std::vector<Fd> fds = {};

    // What is received in the place of one when the other side is gone.
    bool is_end() const noexcept { return text.empty(); }
};

// Throws SystemError, also if the socket does not wait and has no room.
void send_parcel(int socket, std::string_view text, const std::vector<int>& fds = {});

// The next one; nothing if there is none on a socket that does not wait.
std::optional<Parcel> receive_parcel(int socket);

} // namespace rkt
