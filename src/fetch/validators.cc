// SPDX-License-Identifier: Apache-2.0

#include "fetch/validators.h"

#include "base/text.h"

#include <algorithm>

namespace rkt {

namespace {

bool is_printable(char c) noexcept {
    return c >= ' ' && c <= '~';
}

std::string printable_text(const HttpHead& head, std::string_view name) {
    const std::string* value = head.find(name);
    return value != nullptr && std::ranges::all_of(*value, is_printable) ? *value : "";
}

} // namespace

Validators validators_of(const HttpHead& head) {
    return {.etag = printable_text(head, "etag"), .last_modified = printable_text(head, "last-modified")};
}

std::optional<ContentRange> ContentRange::parse(std::string_view text) {
    constexpr std::string_view unit = "bytes ";
    std::size_t dash = text.find('-');
    std::size_t slash = text.find('/', std::min(dash, text.size()));
    if (!text.starts_with(unit) || slash == std::string_view::npos)
        return std::nullopt;
    std::optional<std::uint64_t> first = parse_number(text.substr(unit.size(), dash - unit.size()));
    std::optional<std::uint64_t> last = parse_number(text.substr(dash + 1, slash - dash - 1));
    std::string_view size = text.substr(slash + 1);
    std::optional<std::uint64_t> total = parse_number(size);
    bool holds = first && last && *first <= *last && (total ? *last < *total : size == "*");
    return holds ? std::optional(ContentRange{*first, *last, total}) : std::nullopt;
}

std::optional<ContentRange> content_range_of(const HttpHead& head) {
    const std::string* value = head.find("content-range");
    return value != nullptr ? ContentRange::parse(*value) : std::nullopt;
}

} // namespace rkt
