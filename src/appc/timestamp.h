// SPDX-License-Identifier: Apache-2.0
//
// A point in time as RFC 3339 writes it.

#pragma once

#include "appc/word.h"

#include <chrono>
#include <string>
#include <string_view>

namespace rkt {

class Timestamp {
public:
    using Time = std::chrono::sys_time<std::chrono::nanoseconds>;

    // "2015-01-30T12:00:00.5+01:00": with a capital T, a zone, and a day that exists (AC-TYPE-10).
    // Digits of the fraction beyond the ninth are kept in the text and do not count in the time.
    // Throws an Error that quotes the text.
    static Timestamp parse(std::string_view text);

    // In UTC, to the second.
    static Timestamp at(std::chrono::sys_seconds time);

    // As it was written.
    const std::string& str() const noexcept { return text_; }
    Time time() const noexcept { return time_; }
    bool operator==(const Timestamp&) const = default;

private:
    Timestamp(std::string text, Time time) : text_(std::move(text)), time_(time) {}

    std::string text_;
    Time time_;
};

} // namespace rkt
