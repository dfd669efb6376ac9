// SPDX-License-Identifier: Apache-2.0

#include "base/log.h"

#include <algorithm>
#include <string>

#include <unistd.h>

namespace rkt {

namespace {

bool debug = false;

// A file's name, a manifest, a server's answer may be quoted, and a terminal obeys what is in them.
bool is_obeyed(char c) noexcept {
    return (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t') || c == 0x7f;
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
        std::string line = fmt::format("{}: {}{}\n", program_name(), level, message);
        std::ranges::replace_if(line, is_obeyed, '?');
        [[maybe_unused]] ssize_t written = ::write(STDERR_FILENO, line.data(), line.size());
    } catch (const std::bad_alloc&) {
        return;
    }
}

} // namespace rkt
