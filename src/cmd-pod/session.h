// SPDX-License-Identifier: Apache-2.0
//
// What every verb has: the global flags, and the pods and images of the data directory they name.

#pragma once

#include "pod/pods.h"
#include "store/store.h"
#include "wrap/command-line.h"

#include <filesystem>
#include <string>
#include <vector>

namespace rkt {

using Words = std::vector<std::string>;

struct Session {
    std::filesystem::path dir = "/var/lib/rkt"; // absolute, links resolved
    Words global_words = {};                    // the global flags as rkt-image takes them

    Pods pods() const { return Pods(dir); }
    Store store() const { return Store::open(dir); }

    // The program beside this one that knows images.
    std::filesystem::path image_program() const;
};

// The flags that may stand before and behind any verb (reference: rkt(1)).
class GlobalFlags {
public:
    void declare(CommandLine& line);

    // Throws UsageError for an empty directory or an unknown --insecure-options value.
    Session session() const;

private:
    bool debug_ = false;
    bool trust_keys_from_https_ = false;
    std::optional<std::string> dir_ = {};
    std::optional<std::string> system_config_ = {};
    std::optional<std::string> local_config_ = {};
    std::optional<std::string> user_config_ = {};
    std::optional<std::string> insecure_options_ = {};
};

// Throws Error unless the caller is root.
void require_root(const char* verb);

} // namespace rkt
