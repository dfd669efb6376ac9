// SPDX-License-Identifier: Apache-2.0
//
// SHA-2 of what passes by, computed by GnuTLS.

#pragma once

#include "wrap/handle.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

struct hash_hd_st;

namespace rkt {

enum class HashKind { Sha256, Sha512 };

class Hash {
public:
    explicit Hash(HashKind kind);

    void update(std::span<const std::byte> bytes);

    // The digest of everything so far; the hash begins anew.
    std::vector<std::uint8_t> finish();

private:
    static void free(hash_hd_st* hash) noexcept;

    HashKind kind_;
    Handle<hash_hd_st, &Hash::free> hash_;
};

// Of one text, in lower-case hexadecimal.
std::string hash_hex(HashKind kind, std::string_view text);

} // namespace rkt
