// SPDX-License-Identifier: Apache-2.0

#include "pod/metadata.h"

#include "base/text.h"
#include "os/file.h"
#include "os/random.h"

#include <algorithm>

#include <fmt/format.h>

namespace rkt {

namespace {

constexpr std::size_t token_bytes = 32;

bool is_small_hex(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'f');
}

} // namespace

MetadataToken MetadataToken::random() {
    std::array<std::uint8_t, token_bytes> bytes = {};
    fill_random(bytes);
    return MetadataToken(hex(bytes));
}

std::optional<MetadataToken> MetadataToken::parse(std::string_view text) {
    if (text.size() != 2 * token_bytes || !std::ranges::all_of(text, is_small_hex))
        return std::nullopt;
    return MetadataToken(text);
}

std::string MetadataToken::url() const {
    return fmt::format("http://127.0.0.1:{}/{}", metadata_port, text_);
}

std::optional<MetadataToken> metadata_token_of(const PodLayout& pod) {
    std::optional<std::string> text = read_file_if_any(pod.metadata_token());
    return text ? MetadataToken::parse(trim(*text)) : std::nullopt;
}

} // namespace rkt
