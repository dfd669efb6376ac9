// SPDX-License-Identifier: Apache-2.0

#include "appc/name.h"

#include "appc/limits.h"
#include "base/error.h"
#include "base/text.h"

namespace rkt {

namespace {

// Parts of small letters and digits, none of them empty, with one separator between two.
bool is_joined(std::string_view text, std::string_view separators) {
    bool in_part = false;
    for (char c : text) {
        bool separator = separators.find(c) != std::string_view::npos;
        if (separator ? !in_part : !is_lower_alphanumeric(c))
            return false;
        in_part = !separator;
    }
    return in_part;
}

void check_length(std::string_view text, std::size_t limit) {
    if (text.size() > limit)
        throw Error("\"{}…\" has {} characters, and {} are allowed", text.substr(0, 32), text.size(), limit);
}

} // namespace

AcIdentifier AcIdentifier::parse(std::string_view text) {
    check_length(text, limits::identifier_length);
    if (!is_joined(text, "-._~/"))
        throw Error("\"{}\" is no identifier: small letters and digits, with single - . _ ~ / between them",
                    text);
    return AcIdentifier(text);
}

bool AcIdentifier::is_below(std::string_view prefix) const noexcept {
    if (prefix.empty() || !text_.starts_with(prefix))
        return false;
    return text_.size() == prefix.size() || text_[prefix.size()] == '/' || prefix.back() == '/';
}

AcName AcName::parse(std::string_view text) {
    check_length(text, limits::name_length);
    if (!is_joined(text, "-"))
        throw Error("\"{}\" is no name: small letters and digits, with single hyphens between them", text);
    return AcName(text);
}

AcName AcName::nearest(std::string_view text) {
    std::string name;
    for (char c : text)
        if (char small = lower_case(c); is_lower_alphanumeric(small))
            name += small;
        else if (!name.empty() && name.back() != '-')
            name += '-';
    if (name.ends_with('-'))
        name.pop_back();
    return parse(name);
}

} // namespace rkt
