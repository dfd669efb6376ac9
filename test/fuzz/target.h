// SPDX-License-Identifier: Apache-2.0
//
// A target reads a stranger's bytes. That it refuses them by an Error is right; that it ends otherwise, or
// does not keep its word about what it took, is what libFuzzer looks for.

#pragma once

#include "base/error.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace rkt::fuzz {

// Each target's own. What it throws but Error is a finding.
void read(std::string_view bytes);

// Throws what is no Error if a promise is broken.
void require(bool holds, const char* promise);

// For targets that read the bytes in several ways, each of which may refuse them.
template <class Read>
void attempt(Read read) {
    try {
        read();
    } catch (const Error&) {
        // Refused, as it may be.
    }
}

} // namespace rkt::fuzz

// libFuzzer's, see https://llvm.org/docs/LibFuzzer.html.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
