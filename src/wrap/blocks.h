// SPDX-License-Identifier: Apache-2.0
//
// A stream of bytes, taken block by block as they come, without copying them.

#pragma once

#include <cstddef>
#include <functional>
#include <span>

namespace rkt {

using Block = std::span<const std::byte>;

// Gives the next block, and an empty one at the end and ever after. A block lives until the next call.
using Blocks = std::function<Block()>;

} // namespace rkt
