// SPDX-License-Identifier: Apache-2.0
//
// Handing an open descriptor to another process (unix(7), SCM_RIGHTS).

#pragma once

#include "os/fd.h"

#include <utility>

namespace rkt {

// Two ends that are connected, each closed on exec.
std::pair<Fd, Fd> make_socket_pair();

void send_fd(int socket, int fd);

// Waits for one. Empty if the other side is gone, or sent something else.
Fd receive_fd(int socket);

} // namespace rkt
