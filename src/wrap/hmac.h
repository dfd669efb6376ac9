// SPDX-License-Identifier: Apache-2.0
//
// Signatures by a secret key (HMAC, RFC 2104), computed by GnuTLS, and comparing what is secret.

#pragma once

#include <span>
#include <string>
#include <string_view>

namespace rkt {

// By SHA-512, of the parts as if they were one text: 64 bytes.
std::string hmac_sha512(std::string_view key, std::span<const std::string_view> parts);

// Takes as long whatever the texts are, but for how long they are.
bool equal_in_constant_time(std::string_view a, std::string_view b) noexcept;

} // namespace rkt
