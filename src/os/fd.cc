// SPDX-License-Identifier: Apache-2.0

#include "os/fd.h"

#include <unistd.h>

namespace rkt {

void Fd::reset(int fd) noexcept {
    int old = std::exchange(fd_, fd);
    if (old >= 0 && old != fd)
        ::close(old);
}

} // namespace rkt
