// SPDX-License-Identifier: Apache-2.0

#include "base/error.h"

#include <cstring>

namespace rkt {

std::string SystemError::reason(int code) {
    // The GNU form, which is safe with threads: it returns the text it may or may not have put in the buffer.
    char buffer[256];
    return ::strerror_r(code, buffer, sizeof buffer);
}

} // namespace rkt
