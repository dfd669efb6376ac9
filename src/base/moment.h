// SPDX-License-Identifier: Apache-2.0
//
// Moments as the kernel writes them, and as people read them.

#pragma once

#include <chrono>
#include <ctime>
#include <string>

namespace rkt {

using Moment = std::chrono::system_clock::time_point;

// Of a file (inode(7)), say.
Moment moment_of(const std::timespec& time) noexcept;

// "2 minutes ago", "just now"; a moment to come is "in the future".
std::string ago(Moment moment, Moment now = std::chrono::system_clock::now());

// "2015-12-08 16:33:29.125 +0100 CET": local time, to the millisecond, as rkt's --full shows it.
std::string in_full(Moment moment);

// "2015-12-08": of UTC.
std::string day_of(Moment moment);

} // namespace rkt
