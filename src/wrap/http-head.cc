// SPDX-License-Identifier: Apache-2.0
//
// What is asked of the head of an answer (RFC 9110).

#include "wrap/http.h"

#include "base/text.h"

namespace rkt {

void HttpHead::take_line(std::string_view line) {
    if (line.starts_with("HTTP/"))
        return headers.clear();
    std::size_t colon = line.find(':');
    if (colon == std::string_view::npos)
        return;
    std::string& value = headers[lower_case(trim(line.substr(0, colon)))];
    value.append(value.empty() ? "" : ", ").append(trim(line.substr(colon + 1)));
}

const std::string* HttpHead::find(std::string_view name) const {
    auto found = headers.find(std::string(name));
    return found == headers.end() ? nullptr : &found->second;
}

std::optional<std::uint64_t> HttpHead::number(std::string_view name) const {
    const std::string* value = find(name);
    return value != nullptr ? parse_number(*value) : std::nullopt;
}

bool HttpHead::is_redirection() const noexcept {
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

bool HttpHead::may_pass() const noexcept {
    return status == 429 || status == 500 || status == 502 || status == 503 || status == 504;
}

} // namespace rkt
