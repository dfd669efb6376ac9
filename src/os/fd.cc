// SPDX-License-Identifier: Apache-2.0

#include "os/fd.h"

#include "base/error.h"

#include <cerrno>

#include <fcntl.h>
#include <unistd.h>

namespace rkt {

void Fd::reset(int fd) noexcept {
    int old = std::exchange(fd_, fd);
    if (old >= 0 && old != fd)
        ::close(old);
}

void never_wait(int fd) {
    int flags = ::fcntl(fd, F_GETFL);
    if (flags < 0 || ::fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0)
        throw SystemError(errno, "changing a descriptor");
}

bool is_later(int code) noexcept {
    return code == EAGAIN || code == EINTR;
}

} // namespace rkt
