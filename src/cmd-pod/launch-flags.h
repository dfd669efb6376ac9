// SPDX-License-Identifier: Apache-2.0
//
// The flags that say how a pod is run, not what it is: of `rkt run` and `rkt run-prepared`.

#pragma once

#include "stage0/launch.h"
#include "wrap/command-line.h"

#include <optional>
#include <string>

namespace rkt {

class LaunchFlags {
public:
    void declare(CommandLine& line);

    // Throws UsageError for a network that there is not.
    LaunchOptions options() const;

    bool is_default() const noexcept { return !network_ && !hostname_; }

private:
    std::optional<std::string> network_ = {};
    std::optional<std::string> hostname_ = {};
};

} // namespace rkt
