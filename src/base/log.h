// SPDX-License-Identifier: Apache-2.0
//
// What the user is told beside the results: lines on stderr, tracing only when asked for.
//
// Errors do not pass here: they are thrown, and main prints the last one.

#pragma once

#include <fmt/format.h>

#include <string_view>
#include <utility>

namespace rkt {

// The name put before every line; "rkt" unless a program says otherwise.
void name_log(std::string_view program);

// Turns tracing on (--debug): the only global state of the project.
void enable_debug() noexcept;
bool debug_enabled() noexcept;

// Characters that a terminal obeys are told as "?". All lines but the first are indented.
void write_log(std::string_view level, std::string_view message) noexcept;

// Something worth knowing that stops nothing.
template <class... Args>
void warn(fmt::format_string<Args...> format, Args&&... args) {
    write_log("warning: ", fmt::format(format, std::forward<Args>(args)...));
}

// A notice without a level.
template <class... Args>
void note(fmt::format_string<Args...> format, Args&&... args) {
    write_log("", fmt::format(format, std::forward<Args>(args)...));
}

template <class... Args>
void trace(fmt::format_string<Args...> format, Args&&... args) {
    if (debug_enabled())
        write_log("debug: ", fmt::format(format, std::forward<Args>(args)...));
}

} // namespace rkt
