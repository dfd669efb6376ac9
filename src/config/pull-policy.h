// SPDX-License-Identifier: Apache-2.0
//
// When images that may be in the store are looked for elsewhere, and the flags that say so.

#pragma once

#include "wrap/command-line.h"

#include <optional>
#include <string>
#include <string_view>

namespace rkt {

enum class PullPolicy {
    Never, // only the store
    New,   // the store first
    Update // elsewhere first: what is known to be fresh, or turns out unchanged, is taken from the store
};

// Throws UsageError.
PullPolicy parse_pull_policy(std::string_view word);
std::string_view str(PullPolicy policy) noexcept;

class PullFlags {
public:
    explicit PullFlags(PullPolicy by_default) : default_(by_default) {}

    void declare(CommandLine& line);

    // Throws UsageError for what is none of the three, and for flags that contradict each other.
    PullPolicy read() const;

    // Nothing but the default, so that nobody need be told.
    bool is_default() const noexcept { return !policy_ && !store_only_ && !no_store_; }

private:
    PullPolicy default_;
    std::optional<std::string> policy_ = {};
    bool store_only_ = false;
    bool no_store_ = false;
};

} // namespace rkt
