// SPDX-License-Identifier: Apache-2.0

#include "appc/uuid.h"

#include "base/error.h"
#include "base/text.h"
#include "os/random.h"

#include <algorithm>

namespace rkt {

namespace {

constexpr std::size_t hyphens[] = {8, 13, 18, 23};
constexpr std::size_t canonical_size = 36;

// The digits of the canonical form; the text as it is when it has another form.
std::string without_hyphens(std::string_view text) {
    std::string digits(text);
    auto at_hyphen = [&](std::size_t place) { return text[place] == '-'; };
    if (text.size() == canonical_size && std::ranges::all_of(hyphens, at_hyphen))
        std::erase(digits, '-');
    return digits;
}

} // namespace

Uuid Uuid::parse(std::string_view text) {
    auto parsed = parse_hex(without_hyphens(text));
    std::array<std::uint8_t, 16> bytes;
    if (!parsed || parsed->size() != bytes.size())
        throw Error("\"{}\" is no UUID", text);
    std::ranges::copy(*parsed, bytes.begin());
    return Uuid(bytes);
}

Uuid Uuid::random() {
    std::array<std::uint8_t, 16> bytes;
    fill_random(bytes);
    bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0f) | 0x40);
    bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3f) | 0x80);
    return Uuid(bytes);
}

std::string Uuid::str() const {
    std::string text = machine_id();
    for (std::size_t place : hyphens)
        text.insert(place, 1, '-');
    return text;
}

std::string Uuid::machine_id() const {
    return hex(bytes_);
}

} // namespace rkt
