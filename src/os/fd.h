// SPDX-License-Identifier: Apache-2.0
//
// A file descriptor that is closed with its owner.

#pragma once

#include <utility>

namespace rkt {

class [[nodiscard]] Fd {
public:
    Fd() noexcept = default;
    explicit Fd(int fd) noexcept : fd_(fd) {}
    Fd(Fd&& other) noexcept : fd_(other.release()) {}
    Fd& operator=(Fd&& other) noexcept {
        reset(other.release());
        return *this;
    }
    ~Fd() { reset(); }

    explicit operator bool() const noexcept { return fd_ >= 0; }
    int get() const noexcept { return fd_; }
    int release() noexcept { return std::exchange(fd_, -1); }
    void reset(int fd = -1) noexcept;

private:
    int fd_ = -1;
};

// Reads and writes that could not be done at once fail with EAGAIN from now on, for everyone who has the
// descriptor or a copy of it.
void never_wait(int fd);

// Whether that errno of a read or a write says to try again when the descriptor is ready.
bool is_later(int code) noexcept;

// A pipe holds no more bytes, so what was written before its writer ended is not more either.
inline constexpr std::size_t pipe_limit = 1024 * 1024;

} // namespace rkt
