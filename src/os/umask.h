// SPDX-License-Identifier: Apache-2.0
//
// What the modes of new files lose (umask(2)): one value for the whole process.
//
// What we make for ourselves and for pods has the modes that are given: others have to find their way through
// it. What belongs to the caller follows the caller's umask.

#pragma once

#include <sys/stat.h>

namespace rkt {

inline constexpr mode_t usual_umask = 022;

// From here on. Gives what it was before.
inline mode_t take_usual_umask() noexcept {
    return ::umask(usual_umask);
}

// Until this is gone.
class [[nodiscard]] Umask {
public:
    explicit Umask(mode_t mask) noexcept : before_(::umask(mask)) {}
    ~Umask() { ::umask(before_); }
    Umask(const Umask&) = delete;
    Umask& operator=(const Umask&) = delete;

private:
    mode_t before_;
};

} // namespace rkt
