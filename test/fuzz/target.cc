// SPDX-License-Identifier: Apache-2.0

#include "target.h"

#include <stdexcept>

namespace rkt::fuzz {

void require(bool holds, const char* promise) {
    if (!holds)
        throw std::logic_error(promise);
}

} // namespace rkt::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    rkt::fuzz::attempt([&] { rkt::fuzz::read({reinterpret_cast<const char*>(data), size}); });
    return 0;
}
