// SPDX-License-Identifier: Apache-2.0
//
// The key that signs pods' identities. It is made once, on this host, and leaves it never (MDS-20).

#pragma once

#include "appc/uuid.h"

#include <filesystem>
#include <string>
#include <string_view>

namespace rkt {

class SigningKey {
public:
    // DIR/key; made if it is not there. Throws Error.
    static SigningKey open(const std::filesystem::path& dir);

    // What a pod says, bound to its identity: HMAC-SHA512 of the 16 bytes of its UUID and the content
    // (MDS-21), in base64 (MDS-16).
    std::string sign(const Uuid& pod, std::string_view content) const;

    // In a time that does not tell how much of the signature is right (MDS-22).
    bool verify(const Uuid& pod, std::string_view content, std::string_view signature) const;

private:
    explicit SigningKey(std::string bytes) : bytes_(std::move(bytes)) {}

    std::string bytes_;
};

} // namespace rkt
