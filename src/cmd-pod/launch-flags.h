// SPDX-License-Identifier: Apache-2.0
//
// The flags that say how a pod is run, not what it is: of `rkt run`, `rkt run-prepared` and, for whoever runs
// the pod later, of `rkt prepare`.

#pragma once

#include "appc/pod-manifest.h"
#include "config/global-flags.h"
#include "stage0/launch.h"
#include "wrap/command-line.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace rkt {

// Throws UsageError.
PrivateUsers parse_private_users(const std::string& word);

class LaunchFlags {
public:
    void declare(CommandLine& line);

    // --interactive, for who runs a pod where we are.
    void declare_interactive(CommandLine& line);

    // Throws UsageError for what a flag cannot be, for a network that there is not, and for flags that
    // exclude each other.
    LaunchOptions options(const Globals& globals) const;

    // What was given, as it is written into a pod for whoever runs it: a JSON object of a list of words for
    // each flag; empty if nothing was.
    std::string text() const;

    // Takes what was written so, for the flags that are not given now. Throws Error.
    void take_earlier(std::string_view text);

    // Gives the checks of pods that are turned off, too: else they are those of whoever runs the pod.
    void take_insecure(const Globals& globals);

    bool is_interactive() const noexcept { return interactive_; }

    // Writes into the pod's manifest what the flags say of the pod itself: --interactive. Throws UsageError.
    void apply(PodManifest& pod) const;

private:
    std::map<std::string, std::vector<std::string>, std::less<>> given_ =
        {}; // in their order, "" for no value
    bool interactive_ = false;
};

} // namespace rkt
