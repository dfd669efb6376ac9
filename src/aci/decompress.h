// SPDX-License-Identifier: Apache-2.0
//
// Undoes whatever compression there is. The first bytes tell which, never a name (IMG-10).

#pragma once

#include "wrap/archive.h"
#include "wrap/blocks.h"
#include "wrap/gzip.h"

#include <cstddef>
#include <string>
#include <variant>

namespace rkt {

class Decompressed {
public:
    explicit Decompressed(Blocks source) : source_(std::move(source)) {}

    // Fills the buffer, or with less at the end; 0 after it. Throws at damage and at anything that
    // follows the compressed data.
    std::size_t read(std::span<std::byte> buffer);

private:
    void open();
    Block next();
    std::size_t copy(std::span<std::byte> buffer);

    Blocks source_;
    std::string head_; // read to see what it is, and still to be handed on
    Block rest_ = {};  // of a block that is not compressed
    std::variant<std::monostate, Gunzip, Decompressor> reader_;
    bool is_open_ = false;
    bool is_head_given_ = false;
};

} // namespace rkt
