// SPDX-License-Identifier: Apache-2.0

#include "appc/version.h"

#include "appc/limits.h"
#include "base/error.h"
#include "base/text.h"

#include <algorithm>
#include <optional>
#include <tuple>

namespace rkt {

namespace {

// A text in two at the first separator; nothing behind when there is none.
struct Cut {
    std::string_view before;
    std::optional<std::string_view> after;
};

Cut cut(std::string_view text, char separator) {
    auto place = text.find(separator);
    if (place == std::string_view::npos)
        return {text, std::nullopt};
    return {text.substr(0, place), text.substr(place + 1)};
}

bool is_part_character(char c) noexcept {
    return is_lower_alphanumeric(c) || (c >= 'A' && c <= 'Z') || c == '-';
}

bool is_numeric(std::string_view part) {
    return std::ranges::all_of(part, is_digit);
}

bool has_leading_zero(std::string_view part) {
    return part.size() > 1 && part.front() == '0' && is_numeric(part);
}

// Parts joined by dots, none empty.
bool are_parts(const std::vector<std::string_view>& parts) {
    return std::ranges::all_of(parts, [](std::string_view part) {
        return !part.empty() && std::ranges::all_of(part, is_part_character);
    });
}

[[noreturn]] void refuse(std::string_view text) {
    throw Error("\"{}\" is no version such as 1.2.3 or 1.2.3-rc.1+build", text);
}

std::uint64_t core_number(std::string_view part, std::string_view text) {
    auto number = parse_number(part);
    if (!number || has_leading_zero(part))
        refuse(text);
    return *number;
}

// Numbers are compared by value, without a limit on their size, and come before words.
std::weak_ordering compare_parts(const std::string& a, const std::string& b) {
    if (is_numeric(a) != is_numeric(b))
        return is_numeric(a) ? std::weak_ordering::less : std::weak_ordering::greater;
    if (is_numeric(a) && a.size() != b.size())
        return a.size() <=> b.size();
    return a <=> b;
}

} // namespace

SemVer SemVer::parse(std::string_view text) {
    if (text.size() > limits::version_length)
        throw Error("a version has {} characters, and {} are allowed", text.size(), limits::version_length);
    auto [rest, build] = cut(text, '+');
    auto [core, pre_release] = cut(rest, '-');
    auto numbers = split(core, '.');
    if (numbers.size() != 3 || (build && !are_parts(split(*build, '.'))))
        refuse(text);
    SemVer version{.major = core_number(numbers[0], text),
                   .minor = core_number(numbers[1], text),
                   .patch = core_number(numbers[2], text),
                   .build = std::string(build.value_or(""))};
    if (!pre_release)
        return version;
    auto parts = split(*pre_release, '.');
    if (!are_parts(parts) || std::ranges::any_of(parts, has_leading_zero))
        refuse(text);
    version.pre_release.assign(parts.begin(), parts.end());
    return version;
}

std::string SemVer::str() const {
    std::string text = fmt::format("{}.{}.{}", major, minor, patch);
    if (!pre_release.empty())
        text += "-" + join(pre_release, ".");
    if (!build.empty())
        text += "+" + build;
    return text;
}

std::weak_ordering precedence(const SemVer& a, const SemVer& b) {
    auto core = std::tie(a.major, a.minor, a.patch) <=> std::tie(b.major, b.minor, b.patch);
    if (std::is_neq(core))
        return core;
    if (a.pre_release.empty() || b.pre_release.empty())
        return b.pre_release.size() <=> a.pre_release.size();
    return std::lexicographical_compare_three_way(a.pre_release.begin(), a.pre_release.end(),
                                                  b.pre_release.begin(), b.pre_release.end(), compare_parts);
}

SemVer spec_version() {
    return {.major = 0, .minor = 8, .patch = 11};
}

} // namespace rkt
