// SPDX-License-Identifier: Apache-2.0

#include "wrap/hash.h"

#include "base/error.h"
#include "base/text.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>

namespace rkt {

namespace {

gnutls_digest_algorithm_t algorithm(HashKind kind) noexcept {
    return kind == HashKind::Sha256 ? GNUTLS_DIG_SHA256 : GNUTLS_DIG_SHA512;
}

} // namespace

void Hash::free(hash_hd_st* hash) noexcept {
    gnutls_hash_deinit(hash, nullptr);
}

Hash::Hash(HashKind kind) : kind_(kind) {
    gnutls_hash_hd_t hash = nullptr;
    int r = gnutls_hash_init(&hash, algorithm(kind));
    if (r != GNUTLS_E_SUCCESS)
        throw Error("hashing: {}", gnutls_strerror(r));
    hash_.reset(hash);
}

void Hash::update(std::span<const std::byte> bytes) {
    int r = gnutls_hash(hash_.get(), bytes.data(), bytes.size());
    if (r != GNUTLS_E_SUCCESS)
        throw Error("hashing: {}", gnutls_strerror(r));
}

std::vector<std::uint8_t> Hash::finish() {
    std::vector<std::uint8_t> digest(gnutls_hash_get_len(algorithm(kind_)));
    gnutls_hash_output(hash_.get(), digest.data());
    return digest;
}

std::string hash_hex(HashKind kind, std::string_view text) {
    Hash hash(kind);
    hash.update(std::as_bytes(std::span(text)));
    return hex(hash.finish());
}

} // namespace rkt
