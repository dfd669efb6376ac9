// SPDX-License-Identifier: Apache-2.0

#include "base/moment.h"

#include <fmt/format.h>

#include <array>
#include <string_view>

namespace rkt {

Moment moment_of(const std::timespec& time) noexcept {
    auto since = std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
    return Moment(std::chrono::duration_cast<Moment::duration>(since));
}

std::string ago(Moment moment, Moment now) {
    struct Unit {
        std::chrono::seconds length;
        std::string_view name;
    };
    using namespace std::chrono;
    constexpr std::array units = {Unit{hours(24 * 365), "year"}, Unit{hours(24 * 30), "month"},
                                  Unit{hours(24 * 7), "week"},   Unit{hours(24), "day"},
                                  Unit{hours(1), "hour"},        Unit{minutes(1), "minute"},
                                  Unit{seconds(1), "second"}};
    auto passed = duration_cast<seconds>(now - moment);
    if (passed < seconds(0))
        return "in the future";
    for (const Unit& unit : units)
        if (auto count = passed / unit.length; count > 0)
            return fmt::format("{} {}{} ago", count, unit.name, count == 1 ? "" : "s");
    return "just now";
}

std::string in_full(Moment moment) {
    std::time_t seconds = std::chrono::system_clock::to_time_t(moment);
    auto part =
        std::chrono::duration_cast<std::chrono::milliseconds>(moment.time_since_epoch()).count() % 1000;
    std::tm local = {};
    ::localtime_r(&seconds, &local);
    std::array<char, 64> day = {};
    std::array<char, 64> zone = {};
    std::strftime(day.data(), day.size(), "%Y-%m-%d %H:%M:%S", &local);
    std::strftime(zone.data(), zone.size(), "%z %Z", &local);
    return fmt::format("{}.{:03} {}", day.data(), part, zone.data());
}

std::string day_of(Moment moment) {
    std::time_t seconds = std::chrono::system_clock::to_time_t(moment);
    std::tm utc = {};
    ::gmtime_r(&seconds, &utc);
    return fmt::format("{:04}-{:02}-{:02}", utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday);
}

} // namespace rkt
