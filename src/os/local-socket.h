// SPDX-License-Identifier: Apache-2.0
//
// Sockets with a place in the file system (unix(7)), by which processes of one host find each other.

#pragma once

#include "os/fd.h"

#include <filesystem>

#include <sys/socket.h>
#include <sys/types.h>

namespace rkt {

// Listens at a place that nobody but its owner, we, can connect to; what stood there is removed. `type` is
// SOCK_STREAM or SOCK_SEQPACKET. The place may be longer than a socket's address.
Fd listen_at(const std::filesystem::path& place, int type);

// Throws SystemError, with ENOENT or ECONNREFUSED if nobody listens there.
Fd connect_to(const std::filesystem::path& place, int type);

// The next connection, on which nothing waits; empty if there is none.
Fd accept_from(int listener);

// Whose the process was that made the connection.
uid_t peer_of(int connection);

} // namespace rkt
