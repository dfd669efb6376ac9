// SPDX-License-Identifier: Apache-2.0

#include "stage1-systemd/outside/unit-text.h"

#include "base/error.h"

#include <algorithm>

namespace rkt {

namespace {

// systemd's LONG_LINE_MAX.
constexpr std::size_t longest_line = 1024 * 1024;

bool is_control(char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

} // namespace

std::string quote(std::string_view word) {
    std::string text = "\"";
    for (char c : word) {
        if (is_control(c))
            text += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
        else if (c == '"' || c == '\\')
            text += {'\\', c};
        else if (c == '%') // begins a specifier
            text += "%%";
        else
            text += c;
    }
    return text + '"';
}

std::string quote_all(std::span<const std::string> words) {
    std::string text;
    for (const std::string& word : words)
        text += (text.empty() ? "" : " ") + quote(word);
    return text;
}

std::string bare_path(std::string_view path) {
    if (std::ranges::any_of(path, is_control))
        throw Error("the path {} has a control character", quote(path));
    if (!path.starts_with('/') || path.ends_with(' ') || path.ends_with('\\'))
        throw Error("the path {} is not absolute, or ends in a blank or a backslash", quote(path));
    return without_specifiers(path);
}

std::string without_specifiers(std::string_view text) {
    std::string result;
    for (char c : text)
        result += c == '%' ? "%%" : std::string(1, c);
    return result;
}

std::string setting(std::string_view key, std::string_view value) {
    if (key.size() + value.size() + 2 > longest_line)
        throw Error("a value of {}= is longer than systemd takes: {} bytes", key, value.size());
    if (std::ranges::any_of(value, is_control) || value.ends_with('\\'))
        throw Error("the value {} of {}= has a control character, or ends in a backslash", quote(value), key);
    return fmt::format("{}={}\n", key, value);
}

} // namespace rkt
