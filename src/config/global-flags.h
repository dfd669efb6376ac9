// SPDX-License-Identifier: Apache-2.0
//
// The flags that every verb of every program takes.

#pragma once

#include "config/settings.h"
#include "wrap/command-line.h"

#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace rkt {

struct Globals {
    std::filesystem::path data_dir = "/var/lib/rkt";  // absolute, links resolved
    ConfigRoots config = {};                          // likewise
    std::set<std::string, std::less<>> insecure = {}; // what is not checked, groups of checks taken apart
    std::vector<std::string> words = {};              // the flags again, for another program of ours

    bool is_insecure(std::string_view check) const { return insecure.contains(check); }
};

class GlobalFlags {
public:
    void declare(CommandLine& line);

    // To be called when the line has been parsed; turns tracing on if that was asked for. Where the line does
    // not name the data directory, the settings do. Throws UsageError for an empty directory and for a check
    // that there is not or that is named twice, and Error for settings that cannot be read.
    Globals read() const;

private:
    ConfigRoots read_roots() const;

    bool debug_ = false;
    bool trust_keys_from_https_ = false;
    std::optional<std::string> data_dir_ = {};
    std::optional<std::string> system_config_ = {};
    std::optional<std::string> local_config_ = {};
    std::optional<std::string> user_config_ = {};
    std::optional<std::string> insecure_options_ = {};
};

} // namespace rkt
