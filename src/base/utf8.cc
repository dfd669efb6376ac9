// SPDX-License-Identifier: Apache-2.0

#include "base/utf8.h"

#include <fmt/format.h>

namespace rkt {

namespace {

// How many bytes the character at the beginning of the text has, from its first byte (RFC 3629).
std::size_t announced_length(unsigned char first) noexcept {
    if (first < 0x80)
        return 1;
    if (first >= 0xc2 && first < 0xe0)
        return 2;
    if (first >= 0xe0 && first < 0xf0)
        return 3;
    if (first >= 0xf0 && first < 0xf5)
        return 4;
    return 0;
}

// Whether the second byte keeps clear of overlong forms, of surrogates and of what lies above U+10FFFF.
bool second_byte_fits(unsigned char first, unsigned char second) noexcept {
    switch (first) {
    case 0xe0:
        return second >= 0xa0;
    case 0xed:
        return second < 0xa0;
    case 0xf0:
        return second >= 0x90;
    case 0xf4:
        return second < 0x90;
    default:
        return true;
    }
}

} // namespace

bool continues_utf8(char c) noexcept {
    return (static_cast<unsigned char>(c) & 0xc0) == 0x80;
}

std::size_t utf8_length(std::string_view text) noexcept {
    if (text.empty())
        return 0;
    auto first = static_cast<unsigned char>(text.front());
    std::size_t length = announced_length(first);
    if (length > text.size())
        return 0;
    if (length > 1 && !second_byte_fits(first, static_cast<unsigned char>(text[1])))
        return 0;
    for (std::size_t i = 1; i < length; ++i)
        if (!continues_utf8(text[i]))
            return 0;
    return length;
}

bool is_utf8(std::string_view text) noexcept {
    while (!text.empty()) {
        std::size_t length = utf8_length(text);
        if (length == 0)
            return false;
        text.remove_prefix(length);
    }
    return true;
}

std::string as_utf8(std::string_view text) {
    std::string result;
    while (!text.empty()) {
        std::size_t length = utf8_length(text);
        if (length == 0)
            result += fmt::format("\\x{:02x}", static_cast<unsigned char>(text.front()));
        else
            result += text.substr(0, length);
        text.remove_prefix(length == 0 ? 1 : length);
    }
    return result;
}

} // namespace rkt
