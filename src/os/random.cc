// SPDX-License-Identifier: Apache-2.0

#include "os/random.h"

#include "base/error.h"

#include <cerrno>

#include <sys/random.h>

namespace rkt {

void fill_random(std::span<std::uint8_t> bytes) {
    while (!bytes.empty()) {
        ssize_t count = ::getrandom(bytes.data(), bytes.size(), 0);
        if (count < 0 && errno != EINTR)
            throw SystemError(errno, "reading random bytes");
        bytes = bytes.subspan(count < 0 ? 0 : static_cast<std::size_t>(count));
    }
}

} // namespace rkt
