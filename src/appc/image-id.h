// SPDX-License-Identifier: Apache-2.0
//
// What an image is called: the SHA-512 of its bytes. It is all that passes from the image side of
// the house to the pod side.

#pragma once

#include "appc/word.h"

#include <compare>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace rkt {

class ImageId {
public:
    static constexpr std::size_t digest_size = 64;

    // "sha512-" and 128 hexadecimal digits (AC-TYPE-7), upper case taken too. Throws an Error that
    // quotes the text.
    static ImageId parse(std::string_view text);

    static ImageId of(std::span<const std::uint8_t, digest_size> digest);

    // The whole id, in lower case.
    const std::string& str() const noexcept { return text_; }

    // "sha512-" and the first 32 digits, for people.
    std::string brief() const;

    // The 128 digits.
    std::string_view digits() const noexcept;

    auto operator<=>(const ImageId&) const = default;

private:
    explicit ImageId(std::string text) : text_(std::move(text)) {}

    std::string text_;
};

// The beginning of an image id, as people type it (AC-TYPE-8). It has no place in a manifest.
class ImageIdPrefix {
public:
    // "sha512-" and 2 to 128 hexadecimal digits. Throws an Error that quotes the text.
    static ImageIdPrefix parse(std::string_view text);

    const std::string& str() const noexcept { return text_; }
    bool fits(const ImageId& id) const noexcept { return id.str().starts_with(text_); }
    auto operator<=>(const ImageIdPrefix&) const = default;

private:
    explicit ImageIdPrefix(std::string text) : text_(std::move(text)) {}

    std::string text_;
};

} // namespace rkt
