// SPDX-License-Identifier: Apache-2.0

#include "base/text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include <fmt/format.h>

namespace rkt {

namespace {

constexpr std::string_view digits = "0123456789abcdef";

int digit_value(char c) noexcept {
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

} // namespace

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    for (;;) {
        auto end = text.find(separator);
        parts.push_back(text.substr(0, end));
        if (end == std::string_view::npos)
            return parts;
        text.remove_prefix(end + 1);
    }
}

std::string join(std::span<const std::string> parts, std::string_view separator) {
    std::string text;
    for (const std::string& part : parts) {
        if (&part != &parts.front())
            text += separator;
        text += part;
    }
    return text;
}

std::string_view trim(std::string_view text) {
    constexpr std::string_view blanks = " \t\r\n";
    auto first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::size_t size_of_obeyed(std::string_view text) noexcept {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 4> ranges = {{
        {"\xc2\x80", "\xc2\x9f"},         // control characters beyond ASCII
        {"\xe2\x80\x8b", "\xe2\x80\x8f"}, // no width, and marks of direction
        {"\xe2\x80\xa8", "\xe2\x80\xae"}, // ends of lines, and turns of direction
        {"\xe2\x81\xa6", "\xe2\x81\xa9"}, // the same
    }};
    for (const auto& [first, last] : ranges)
        if (std::string_view head = text.substr(0, first.size()); head >= first && head <= last)
            return first.size();
    bool is_control =
        !text.empty() && (static_cast<unsigned char>(text.front()) < ' ' || text.front() == '\x7f');
    return is_control ? 1 : 0;
}

std::string printable(std::string_view text) {
    std::string result;
    while (!text.empty()) {
        std::size_t size = size_of_obeyed(text);
        result += size > 0 ? '?' : text.front();
        text.remove_prefix(std::max(size, std::size_t{1}));
    }
    return result;
}

char lower_case(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string lower_case(std::string_view text) {
    std::string result(text);
    for (char& c : result)
        c = lower_case(c);
    return result;
}

bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

bool is_lower_alphanumeric(char c) noexcept {
    return is_digit(c) || (c >= 'a' && c <= 'z');
}

std::optional<std::uint64_t> parse_number(std::string_view text) noexcept {
    std::uint64_t value = 0;
    const char* end = text.data() + text.size();
    auto [stopped, fault] = std::from_chars(text.data(), end, value);
    if (text.empty() || stopped != end || fault != std::errc())
        return std::nullopt;
    return value;
}

std::string hex(std::span<const std::uint8_t> bytes) {
    std::string text;
    text.reserve(bytes.size() * 2);
    for (std::uint8_t byte : bytes) {
        text += digits[byte >> 4];
        text += digits[byte & 15];
    }
    return text;
}

std::optional<std::vector<std::uint8_t>> parse_hex(std::string_view text) {
    if (text.size() % 2 != 0)
        return std::nullopt;
    std::vector<std::uint8_t> bytes;
    bytes.reserve(text.size() / 2);
    for (std::size_t i = 0; i < text.size(); i += 2) {
        int high = digit_value(text[i]);
        int low = digit_value(text[i + 1]);
        if (high < 0 || low < 0)
            return std::nullopt;
        bytes.push_back(static_cast<std::uint8_t>(high * 16 + low));
    }
    return bytes;
}

std::string readable_size(std::uint64_t bytes) {
    constexpr std::array<const char*, 7> units = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    auto size = static_cast<double>(bytes);
    std::size_t unit = 0;
    for (; size >= 1024 && unit + 1 < units.size(); ++unit)
        size /= 1024;
    return fmt::format("{:.{}f}{}", size, unit > 0 && size < 10 ? 1 : 0, units[unit]);
}

std::string base64(std::string_view bytes) {
    constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    for (; !bytes.empty(); bytes.remove_prefix(std::min<std::size_t>(3, bytes.size()))) {
        std::uint32_t group = 0;
        for (std::size_t i = 0; i < 3; ++i)
            group = group << 8 | (i < bytes.size() ? static_cast<std::uint8_t>(bytes[i]) : 0);
        for (std::size_t i = 0; i < 4; ++i)
            text += i > bytes.size() ? '=' : alphabet[group >> (18 - 6 * i) & 63];
    }
    return text;
}

} // namespace rkt
