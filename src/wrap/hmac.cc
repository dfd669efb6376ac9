// SPDX-License-Identifier: Apache-2.0

#include "wrap/hmac.h"

#include "base/error.h"
#include "wrap/handle.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>

namespace rkt {

namespace {

void check(int r) {
    if (r != GNUTLS_E_SUCCESS)
        throw Error("signing: {}", gnutls_strerror(r));
}

void drop(hmac_hd_st* hmac) noexcept {
    gnutls_hmac_deinit(hmac, nullptr);
}

} // namespace

std::string hmac_sha512(std::string_view key, std::span<const std::string_view> parts) {
    gnutls_hmac_hd_t made = nullptr;
    check(gnutls_hmac_init(&made, GNUTLS_MAC_SHA512, key.data(), key.size()));
    Handle<hmac_hd_st, drop> hmac(made);
    for (std::string_view part : parts)
        check(gnutls_hmac(hmac.get(), part.data(), part.size()));
    std::string digest(gnutls_hmac_get_len(GNUTLS_MAC_SHA512), '\0');
    gnutls_hmac_output(hmac.get(), digest.data());
    return digest;
}

bool equal_in_constant_time(std::string_view a, std::string_view b) noexcept {
    return a.size() == b.size() && gnutls_memcmp(a.data(), b.data(), a.size()) == 0;
}

} // namespace rkt
