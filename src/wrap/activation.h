// SPDX-License-Identifier: Apache-2.0
//
// Sockets that systemd has opened for this program (systemd.socket(5), sd_listen_fds(3)).

#pragma once

#include "os/fd.h"

#include <vector>

namespace rkt {

// In the order of the socket unit's lines; none for who was not started by a socket. Only the first call
// gives them.
std::vector<Fd> take_inherited_sockets();

} // namespace rkt
