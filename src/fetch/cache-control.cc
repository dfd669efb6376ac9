// SPDX-License-Identifier: Apache-2.0

#include "fetch/cache-control.h"

#include "base/text.h"

#include <algorithm>

namespace rkt {

namespace {

constexpr std::chrono::seconds longest = std::chrono::hours(365 * 24);

std::optional<std::chrono::seconds> seconds(std::string_view text) {
    if (text.size() >= 2 && text.front() == '"' && text.back() == '"')
        text = text.substr(1, text.size() - 2);
    std::optional<std::uint64_t> number = parse_number(text);
    if (!number)
        return std::nullopt;
    return std::chrono::seconds(std::min<std::uint64_t>(*number, longest.count()));
}

} // namespace

CacheControl CacheControl::parse(std::string_view header) {
    CacheControl control;
    std::optional<std::chrono::seconds> age;
    bool asks_always = false;
    for (std::string_view part : split(header, ',')) {
        std::size_t equals = std::min(part.find('='), part.size());
        std::string name = lower_case(trim(part.substr(0, equals)));
        if (name == "no-store")
            control.may_be_noted = false;
        if (name == "no-cache" || name == "no-store")
            asks_always = true;
        if (name == "max-age" && equals < part.size())
            if (auto given = seconds(trim(part.substr(equals + 1))))
                age = std::min(age.value_or(longest), *given);
    }
    if (age && !asks_always)
        control.max_age = *age;
    return control;
}

CacheControl cache_control_of(const HttpHead& head) {
    const std::string* header = head.find("cache-control");
    CacheControl control = CacheControl::parse(header != nullptr ? *header : "");
    std::chrono::seconds spent(std::min<std::uint64_t>(head.number("age").value_or(0), longest.count()));
    control.max_age -= std::min(control.max_age, spent);
    return control;
}

} // namespace rkt
