// SPDX-License-Identifier: Apache-2.0
//
// Random bytes from the kernel, fit for keys and tokens.

#pragma once

#include <cstdint>
#include <span>

namespace rkt {

// Fills all of it. Waits, early at boot, until the kernel has gathered enough (getrandom(2)).
void fill_random(std::span<std::uint8_t> bytes);

} // namespace rkt
