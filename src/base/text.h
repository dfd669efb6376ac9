// SPDX-License-Identifier: Apache-2.0
//
// Small questions about text that the standard library does not answer in one call.

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rkt {

// "a,b,,c" at ',' gives "a", "b", "", "c"; an empty text gives one empty part.
std::vector<std::string_view> split(std::string_view text, char separator);

std::string join(std::span<const std::string> parts, std::string_view separator);

// Without the blanks, tabs and newlines around it.
std::string_view trim(std::string_view text);

// How many bytes the character has with which the text begins, if a terminal would obey it instead of showing
// it: it moves the cursor or turns the direction of writing, in ASCII or in UTF-8. Otherwise 0.
std::size_t size_of_obeyed(std::string_view text) noexcept;

// What a stranger wrote, made fit for a terminal: "?" for each character that it would obey.
std::string printable(std::string_view text);

// Of the letters of ASCII alone.
char lower_case(char c) noexcept;
std::string lower_case(std::string_view text);

bool is_digit(char c) noexcept;
bool is_lower_alphanumeric(char c) noexcept;

// The whole text as a decimal number without sign or blanks; nothing if it is none or does not fit.
std::optional<std::uint64_t> parse_number(std::string_view text) noexcept;

// Lower-case hexadecimal, two digits a byte, and back (upper case is taken too).
std::string hex(std::span<const std::uint8_t> bytes);
std::optional<std::vector<std::uint8_t>> parse_hex(std::string_view text);

// "1023B", "1.5KiB", "40MiB": in the unit that leaves one to four digits.
std::string readable_size(std::uint64_t bytes);

// With "+", "/" and "=" (RFC 4648 §4).
std::string base64(std::string_view bytes);

} // namespace rkt
