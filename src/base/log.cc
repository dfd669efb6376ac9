// SPDX-License-Identifier: Apache-2.0

#include "base/log.h"

#include "base/text.h"

#include <algorithm>
#include <string>

#include <unistd.h>

namespace rkt {

namespace {

bool debug = false;

// A file's name, a manifest, a server's answer may be quoted, and a terminal obeys what is in them. A line of
// theirs is not to look like one of ours.
std::string told(std::string_view message) {
    constexpr std::string_view indent = "  ";
    std::string result;
    while (!message.empty()) {
        char c = message.front();
        bool is_kept = c == '\n' || c == '\t';
        std::size_t size = is_kept ? 0 : size_of_obeyed(message);
        result += size > 0 ? '?' : c;
        message.remove_prefix(std::max(size, std::size_t{1}));
        if (c == '\n' && !message.empty() && !message.starts_with(indent))
            result += indent;
    }
    return result;
}

std::string& program_name() {
    static std::string name = "rkt";
    return name;
}

} // namespace

void name_log(std::string_view program) {
    program_name() = program;
}

void enable_debug() noexcept {
    debug = true;
}

bool debug_enabled() noexcept {
    return debug;
}

void write_log(std::string_view level, std::string_view message) noexcept {
    try {
        // One write, so that lines of several processes do not mix.
        std::string line = fmt::format("{}: {}{}\n", program_name(), level, told(message));
        [[maybe_unused]] ssize_t written = ::write(STDERR_FILENO, line.data(), line.size());
    } catch (const std::bad_alloc&) {
        return;
    }
}

} // namespace rkt
