// SPDX-License-Identifier: Apache-2.0
//
// The flags that say how a pod is run, not what it is: of `rkt run` and `rkt run-prepared`.

#pragma once

#include "appc/pod-manifest.h"
#include "config/global-flags.h"
#include "stage0/launch.h"
#include "wrap/command-line.h"

#include <optional>
#include <string>

namespace rkt {

// Throws UsageError.
PrivateUsers parse_private_users(const std::string& word);

class LaunchFlags {
public:
    void declare(CommandLine& line);

    // Throws UsageError for a network that there is not, and for flags that exclude each other.
    LaunchOptions options(const Globals& globals) const;

    bool is_interactive() const noexcept { return interactive_; }

    // Writes into the pod's manifest what the flags say of the pod itself: --interactive. Throws UsageError.
    void apply(PodManifest& pod) const;

    // Whether none was given, so that whoever runs the pod later need not be told.
    bool is_default() const noexcept {
        return !interactive_ && !network_ && !hostname_ && !strict_isolators_ &&
               private_users_ == PrivateUsers::Auto && names_ == NamesPlan() && !metadata_;
    }

private:
    void declare_names(CommandLine& line);

    std::optional<std::string> network_ = {};
    std::optional<std::string> hostname_ = {};
    NamesPlan names_ = {};
    PrivateUsers private_users_ = PrivateUsers::Auto;
    std::optional<bool> metadata_ = {};
    bool strict_isolators_ = false;
    bool interactive_ = false;
};

} // namespace rkt
