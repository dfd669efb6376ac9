// SPDX-License-Identifier: Apache-2.0
//
// A word of the spec: a value that is made from text by `parse`, once, at the door, and that `str`
// gives back as text. Words can stand in messages as they are.

#pragma once

#include <fmt/format.h>

#include <concepts>
#include <string>
#include <string_view>

namespace rkt {

template <class T>
concept Word = requires(const T& word, std::string_view text) {
    { T::parse(text) } -> std::same_as<T>;
    { word.str() } -> std::convertible_to<std::string>;
};

// What a word that cannot be read is taken for, where reading goes on to find more faults.
template <Word T>
inline constexpr std::string_view stand_in = "unreadable";

} // namespace rkt

template <rkt::Word T>
struct fmt::formatter<T> : fmt::formatter<std::string> {
    template <class Context>
    auto format(const T& word, Context& context) const {
        return fmt::formatter<std::string>::format(word.str(), context);
    }
};
