// SPDX-License-Identifier: Apache-2.0
//
// Text of strangers is bytes: names of files may be any, and JSON is UTF-8 alone (RFC 3629).

#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace rkt {

// The bytes of the character at the beginning of the text; 0 if they are none, as of an empty text.
std::size_t utf8_length(std::string_view text) noexcept;

// Whether the byte is one of a character's behind its first, so that who counts characters leaves it out.
bool continues_utf8(char c) noexcept;

bool is_utf8(std::string_view text) noexcept;

// For people to read: each byte that is of no character becomes "\xNN".
std::string as_utf8(std::string_view text);

} // namespace rkt
