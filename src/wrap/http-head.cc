// SPDX-License-Identifier: Apache-2.0
//
// What is asked of the head of an answer (RFC 9110).

#include "wrap/http.h"

#include "base/text.h"

namespace rkt {

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
