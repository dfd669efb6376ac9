// SPDX-License-Identifier: Apache-2.0

#include "appc/image-id.h"

#include "base/error.h"
#include "base/text.h"

#include <optional>
#include <utility>

namespace rkt {

namespace {

constexpr std::string_view algorithm = "sha512-";
constexpr std::size_t digit_count = ImageId::digest_size * 2;
constexpr std::size_t brief_count = 32;
constexpr std::size_t least_count = 2;

// The text in lower case; nothing if it is not the algorithm and hexadecimal digits.
std::optional<std::string> canonical(std::string_view text) {
    if (!text.starts_with(algorithm))
        return std::nullopt;
    std::string id(text);
    for (char& c : std::span(id).subspan(algorithm.size())) {
        if (c >= 'A' && c <= 'F')
            c = static_cast<char>(c - 'A' + 'a');
        if (!is_digit(c) && (c < 'a' || c > 'f'))
            return std::nullopt;
    }
    return id;
}

} // namespace

ImageId ImageId::parse(std::string_view text) {
    auto id = canonical(text);
    if (!id || id->size() != algorithm.size() + digit_count)
        throw Error("\"{}\" is no image id: sha512- and {} hexadecimal digits", text, digit_count);
    return ImageId(*std::move(id));
}

ImageId ImageId::of(std::span<const std::uint8_t, digest_size> digest) {
    return ImageId(std::string(algorithm) + hex(digest));
}

std::string ImageId::brief() const {
    return text_.substr(0, algorithm.size() + brief_count);
}

std::string_view ImageId::digits() const noexcept {
    return std::string_view(text_).substr(algorithm.size());
}

ImageIdPrefix ImageIdPrefix::parse(std::string_view text) {
    auto id = canonical(text);
    if (!id || id->size() < algorithm.size() + least_count || id->size() > algorithm.size() + digit_count)
        throw Error("\"{}\" does not begin an image id: sha512- and at least {} hexadecimal digits", text,
                    least_count);
    return ImageIdPrefix(*std::move(id));
}

} // namespace rkt
