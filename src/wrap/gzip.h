// SPDX-License-Identifier: Apache-2.0
//
// Reading gzip, by zlib itself: libarchive reads it too, but looks neither at a member's check
// sum and length nor at what follows the last member (IMG-12).

#pragma once

#include "wrap/blocks.h"
#include "wrap/handle.h"

#include <cstddef>
#include <span>

struct z_stream_s;

namespace rkt {

class Gunzip {
public:
    // Reads all members one after the other (RFC 1952 §2.2).
    explicit Gunzip(Blocks source);

    // Fills the buffer with what was compressed, or with less, and gives the number of bytes;
    // 0 at the end, which is only reached when every member is whole and nothing comes after them.
    std::size_t read(std::span<std::byte> buffer);

private:
    static void free(z_stream_s* stream) noexcept;

    // False when the source has ended.
    bool refill();
    void inflate_more();

    Blocks source_;
    Handle<z_stream_s, &Gunzip::free> stream_;
    bool in_member_ = false;
};

} // namespace rkt
