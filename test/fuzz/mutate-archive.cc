// SPDX-License-Identifier: Apache-2.0
//
// Changes an archive so that its headers stay credible: a tar header with a wrong sum is refused before
// anything in it is looked at, and few changes would get any further.

#include "target.h"

#include <cstdio>
#include <cstring>

// libFuzzer's own.
extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t most);
extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t most,
                                               unsigned seed);

namespace {

constexpr std::size_t block_size = 512;
constexpr std::size_t sum_offset = 148;
constexpr std::size_t sum_size = 8;
constexpr std::size_t magic_offset = 257;

void set_sum(std::uint8_t* header) {
    std::memset(header + sum_offset, ' ', sum_size);
    unsigned sum = 0;
    for (std::size_t i = 0; i < block_size; ++i)
        sum += header[i];
    std::snprintf(reinterpret_cast<char*>(header + sum_offset), sum_size, "%06o", sum & 0777777);
}

} // namespace

std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t most, unsigned seed) {
    std::size_t changed = LLVMFuzzerMutate(data, size, most);
    constexpr unsigned one_in = 16; // is left as it is
    if (seed % one_in == 0)
        return changed;
    for (std::size_t at = 0; at + block_size <= changed; at += block_size)
        if (std::memcmp(data + at + magic_offset, "ustar", 5) == 0)
            set_sum(data + at);
    return changed;
}
