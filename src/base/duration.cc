// SPDX-License-Identifier: Apache-2.0

#include "base/duration.h"

#include "base/error.h"
#include "base/text.h"

#include <charconv>

namespace rkt {

namespace {

double seconds_of(std::string_view unit) {
    if (unit == "h")
        return 3600;
    if (unit == "m")
        return 60;
    if (unit == "s")
        return 1;
    if (unit == "ms")
        return 0.001;
    return 0;
}

// std::from_chars takes a sign, "nan" and "inf", too.
bool begins_with_number(std::string_view text) {
    return is_digit(text.front()) || text.front() == '.';
}

} // namespace

std::chrono::seconds parse_duration(const std::string& flag, const std::string& text) {
    constexpr double longest = 100.0 * 365 * 24 * 3600;
    double total = 0;
    std::string_view rest = text;
    if (rest == "0")
        return std::chrono::seconds(0);
    if (rest.empty())
        throw UsageError("{} takes a length of time like 30m or 24h", flag);
    while (!rest.empty()) {
        double number = 0;
        auto [end, fault] = std::from_chars(rest.data(), rest.data() + rest.size(), number);
        std::string_view unit(end, static_cast<std::size_t>(rest.data() + rest.size() - end));
        unit = unit.substr(0, unit.find_first_of("0123456789."));
        if (!begins_with_number(rest) || fault != std::errc() || seconds_of(unit) == 0)
            throw UsageError("{} takes a length of time like 30m or 24h, not {}", flag, text);
        total += number * seconds_of(unit);
        rest.remove_prefix(static_cast<std::size_t>(end - rest.data()) + unit.size());
    }
    if (!(total <= longest))
        throw UsageError("{} takes no length of time over a hundred years", flag);
    return std::chrono::seconds(static_cast<std::int64_t>(total));
}

} // namespace rkt
