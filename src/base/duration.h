// SPDX-License-Identifier: Apache-2.0
//
// Lengths of time as people write them: "30m", "1h30m", "90s", "1.5h", "0".

#pragma once

#include <chrono>
#include <string>

namespace rkt {

// To the second. Throws UsageError that names the flag.
std::chrono::seconds parse_duration(const std::string& flag, const std::string& text);

} // namespace rkt
