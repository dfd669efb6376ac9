// SPDX-License-Identifier: Apache-2.0

#include "appc/timestamp.h"

#include "base/error.h"
#include "base/text.h"

#include <cstdint>

namespace rkt {

namespace {

namespace chrono = std::chrono;
using chrono::hours;
using chrono::minutes;
using chrono::nanoseconds;
using chrono::seconds;

// Nanoseconds in 64 bits reach from 1678 to 2262; whole years that surely fit are taken.
constexpr int first_year = 1678;
constexpr int last_year = 2261;
constexpr std::size_t longest = 64;

// Takes a text apart from its front. What does not fit is a fault that quotes the whole text.
class Parser {
public:
    explicit Parser(std::string_view text) : text_(text), rest_(text) {}

    [[noreturn]] void refuse() const {
        throw Error("\"{}\" is no time of RFC 3339 such as 2015-01-30T12:00:00Z", text_);
    }

    void require(bool holds) const {
        if (!holds)
            refuse();
    }

    bool skip(char c) {
        bool there = rest_.starts_with(c);
        rest_.remove_prefix(there ? 1 : 0);
        return there;
    }

    // Exactly so many digits, and a number that is not above the limit.
    int number(std::size_t digits, int limit) {
        auto value = parse_number(rest_.substr(0, digits));
        require(rest_.size() >= digits && value && *value <= static_cast<std::uint64_t>(limit));
        rest_.remove_prefix(digits);
        return static_cast<int>(*value);
    }

    nanoseconds fraction() {
        if (!skip('.'))
            return {};
        require(!rest_.empty() && is_digit(rest_.front()));
        nanoseconds value = {};
        for (nanoseconds unit = chrono::milliseconds(100); !rest_.empty() && is_digit(rest_.front());
             unit /= 10) {
            value += unit * (rest_.front() - '0');
            rest_.remove_prefix(1);
        }
        return value;
    }

    chrono::sys_days date() {
        int year = number(4, last_year);
        require(skip('-') && year >= first_year);
        int month = number(2, 12);
        require(skip('-'));
        int day = number(2, 31);
        chrono::year_month_day date(chrono::year(year), chrono::month(static_cast<unsigned>(month)),
                                    chrono::day(static_cast<unsigned>(day)));
        require(date.ok());
        return date;
    }

    // What the clock there is ahead of UTC.
    minutes zone() {
        if (skip('Z'))
            return {};
        bool ahead = skip('+');
        require(ahead || skip('-'));
        hours h(number(2, 23));
        require(skip(':'));
        minutes offset = h + minutes(number(2, 59));
        return ahead ? offset : -offset;
    }

    bool at_end() const { return rest_.empty(); }

private:
    std::string_view text_;
    std::string_view rest_;
};

} // namespace

Timestamp Timestamp::parse(std::string_view text) {
    Parser parser(text);
    parser.require(text.size() <= longest);
    Time time = parser.date();
    parser.require(parser.skip('T'));
    time += hours(parser.number(2, 23));
    parser.require(parser.skip(':'));
    time += minutes(parser.number(2, 59));
    parser.require(parser.skip(':'));
    seconds second(parser.number(2, 60));
    time += second + parser.fraction();
    time -= parser.zone();
    // A leap second is only ever the last of a day in UTC.
    bool begins_day = (time - chrono::floor<chrono::days>(time)) < seconds(1);
    parser.require(parser.at_end() && (second < seconds(60) || begins_day));
    return {std::string(text), time};
}

Timestamp Timestamp::at(chrono::sys_seconds time) {
    auto day = chrono::floor<chrono::days>(time);
    chrono::year_month_day date(day);
    chrono::hh_mm_ss clock(time - day);
    return parse(fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(date.year()),
                             static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                             clock.hours().count(), clock.minutes().count(), clock.seconds().count()));
}

} // namespace rkt
