// SPDX-License-Identifier: Apache-2.0
//
// How much of a resource: "500m" cores, "1.5Gi" bytes (reference 1.2, AC-TYPE-16).
//
// Held as a count of billionths, so that nothing is lost to floating point. What is finer is rounded
// away from zero, and what is above 2^63 - 1 is taken for that.

#pragma once

#include "appc/word.h"

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace rkt {

class Quantity {
public:
    // Of suffixes: n u m k M G T P E, then Ki to Ei, then e3.
    enum class Family { Decimal, Binary, Exponent };

    // Both decimal kilos, k and K, are taken. Throws an Error that quotes the text.
    static Quantity parse(std::string_view text);

    // With the largest suffix that keeps it exact, of the family that it was written in: 1.5Gi is
    // 1536Mi, 1500 is 1500, and 2000 is 2k.
    std::string str() const;

    // In whole units and in thousandths of one, rounded up.
    std::int64_t whole() const noexcept;
    std::int64_t thousandths() const noexcept;

    bool is_negative() const noexcept { return billionths_ < 0; }

    // By value: 1k is 1000.
    bool operator==(const Quantity& other) const noexcept { return billionths_ == other.billionths_; }
    auto operator<=>(const Quantity& other) const noexcept { return billionths_ <=> other.billionths_; }

private:
    __extension__ using Count = __int128;

    Quantity(Count billionths, Family family) noexcept : billionths_(billionths), family_(family) {}

    Count billionths_;
    Family family_;
};

} // namespace rkt
