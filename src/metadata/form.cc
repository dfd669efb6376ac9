// SPDX-License-Identifier: Apache-2.0

#include "metadata/form.h"

#include "base/text.h"

#include <algorithm>

namespace rkt {

namespace {

std::optional<std::string> decode_field(std::string_view text) {
    std::string spaced(text);
    std::ranges::replace(spaced, '+', ' ');
    return decode_percent(spaced);
}

} // namespace

std::optional<std::string> decode_percent(std::string_view text) {
    std::string decoded;
    decoded.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            decoded += text[i];
            continue;
        }
        auto byte = i + 2 < text.size() ? parse_hex(text.substr(i + 1, 2)) : std::nullopt;
        if (!byte)
            return std::nullopt;
        decoded += static_cast<char>(byte->front());
        i += 2;
    }
    return decoded;
}

std::optional<Form> parse_form(std::string_view body) {
    Form form;
    for (std::string_view field : split(body, '&')) {
        if (field.empty())
            continue;
        auto sign = std::min(field.find('='), field.size());
        auto name = decode_field(field.substr(0, sign));
        auto value = decode_field(field.substr(std::min(sign + 1, field.size())));
        if (!name || !value || !form.emplace(*name, *value).second)
            return std::nullopt;
    }
    return form;
}

} // namespace rkt
