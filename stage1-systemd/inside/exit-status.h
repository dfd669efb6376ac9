// SPDX-License-Identifier: Apache-2.0
//
// The status of an app as a shell gives it, from what systemd says of its end.

#pragma once

#include <charconv>
#include <csignal>
#include <cstring>
#include <optional>
#include <string_view>

namespace rkt {

inline std::optional<int> parse_status(std::string_view text) {
    int value = 0;
    const char* end = text.data() + text.size();
    auto [stopped, fault] = std::from_chars(text.data(), end, value);
    if (text.empty() || stopped != end || fault != std::errc() || value < 0 || value > 255)
        return std::nullopt;
    return value;
}

// "TERM", "KILL", "RTMIN+3" as systemd names signals.
inline std::optional<int> signal_number(std::string_view name) {
    constexpr std::string_view realtime = "RTMIN+";
    if (name.starts_with(realtime)) {
        auto above = parse_status(name.substr(realtime.size()));
        return above ? std::optional<int>(SIGRTMIN + *above) : std::nullopt;
    }
    for (int number = 1; number < SIGRTMIN; ++number) {
        const char* known = ::sigabbrev_np(number);
        if (known != nullptr && name == known)
            return number;
    }
    return std::nullopt;
}

// code and status are $EXIT_CODE and $EXIT_STATUS of systemd.exec(5): a number when the app exited, the name
// of a signal when it was killed. Nothing if systemd does not know how the app ended, because it never began.
inline std::optional<int> exit_status(std::string_view code, std::string_view status) {
    if (code == "exited")
        return parse_status(status);
    if (code != "killed" && code != "dumped")
        return std::nullopt;
    auto number = signal_number(status);
    return number ? std::optional<int>(128 + *number) : std::nullopt;
}

} // namespace rkt
