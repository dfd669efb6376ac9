// SPDX-License-Identifier: Apache-2.0

#include "wrap/activation.h"

#include "base/error.h"

#include <systemd/sd-daemon.h>

namespace rkt {

std::vector<Fd> take_inherited_sockets() {
    int count = sd_listen_fds(1);
    if (count < 0)
        throw SystemError(-count, "taking the sockets that systemd has opened");
    std::vector<Fd> sockets;
    sockets.reserve(static_cast<std::size_t>(count));
    for (int i = 0; i < count; ++i)
        sockets.emplace_back(SD_LISTEN_FDS_START + i);
    return sockets;
}

} // namespace rkt
