// SPDX-License-Identifier: Apache-2.0
//
// What a pod is called: a UUID of RFC 4122.

#pragma once

#include "appc/word.h"

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace rkt {

class Uuid {
public:
    // 32 hexadecimal digits, as they are or in groups of 8-4-4-4-12, of either case (AC-TYPE-15).
    // Throws an Error that quotes the text.
    static Uuid parse(std::string_view text);

    // A new one (version 4).
    static Uuid random();

    // Lower case, in groups of 8-4-4-4-12.
    std::string str() const;

    // Without the hyphens: how systemd writes the id of a machine (machine-id(5)).
    std::string machine_id() const;

    const std::array<std::uint8_t, 16>& bytes() const noexcept { return bytes_; }
    auto operator<=>(const Uuid&) const = default;

private:
    explicit Uuid(const std::array<std::uint8_t, 16>& bytes) noexcept : bytes_(bytes) {}

    std::array<std::uint8_t, 16> bytes_;
};

} // namespace rkt
