// SPDX-License-Identifier: Apache-2.0
//
// The one error type: a message that says what was being done and why it failed.
//
// Derived only where a caller does something else with it. Context is put in front on the
// way up, at the border of a room.

#pragma once

#include <fmt/format.h>

#include <filesystem>
#include <stdexcept>
#include <string>
#include <utility>

// Paths are formatted as they are, without quotes.
template <>
struct fmt::formatter<std::filesystem::path> : fmt::formatter<std::string> {
    template <class Context>
    auto format(const std::filesystem::path& path, Context& context) const {
        return fmt::formatter<std::string>::format(path.native(), context);
    }
};

namespace rkt {

class Error : public std::exception {
public:
    template <class... Args>
    explicit Error(fmt::format_string<Args...> format, Args&&... args)
        : message_(fmt::format(format, std::forward<Args>(args)...)) {}

    const char* what() const noexcept override { return message_.c_str(); }

    // Puts what was being done in front: "rendering image x: " + what failed.
    template <class... Args>
    void during(fmt::format_string<Args...> format, Args&&... args) {
        message_ = fmt::format(format, std::forward<Args>(args)...) + ": " + message_;
    }

protected:
    void append(std::string_view reason) { message_.append(": ").append(reason); }

private:
    std::string message_;
};

// A system call failed. The message ends in the text of the errno.
class SystemError : public Error {
public:
    template <class... Args>
    explicit SystemError(int code, fmt::format_string<Args...> format, Args&&... args)
        : Error(format, std::forward<Args>(args)...), code_(code) {
        append(reason(code));
    }

    int code() const noexcept { return code_; }

private:
    static std::string reason(int code);

    int code_;
};

// The command line is wrong: main adds where the right one is described.
class UsageError : public Error {
public:
    using Error::Error;
};

} // namespace rkt
