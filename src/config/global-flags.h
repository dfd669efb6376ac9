// SPDX-License-Identifier: Apache-2.0
//
// The flags that every verb of every program takes.

#pragma once

#include "config/settings.h"
#include "os/umask.h"
#include "wrap/command-line.h"

#include <array>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace rkt {

// Of the checks that --insecure-options turns off those that count while a pod runs.
inline constexpr std::array<std::string_view, 3> run_checks = {"capabilities", "paths", "seccomp"};

struct Globals {
    std::filesystem::path data_dir = {};              // absolute, links resolved
    ConfigRoots config = {};                          // likewise
    bool trust_keys_from_https = false;               // those that are found, without asking
    std::set<std::string, std::less<>> insecure = {}; // what is not checked, groups of checks taken apart
    std::vector<std::string> words = {};              // the flags again, for another program of ours
    mode_t umask = usual_umask;                       // the caller's, for files that are the caller's

    bool is_insecure(std::string_view check) const { return insecure.contains(check); }
};

// The data directory where the line names none: the configured one, or /var/lib/rkt. Throws Error for
// settings that cannot be read.
std::filesystem::path default_data_dir(const ConfigRoots& roots);

class GlobalFlags {
public:
    void declare(CommandLine& line);

    // To be called once, when the line has been parsed; takes the usual umask, and turns tracing on if that
    // was asked for. Throws UsageError
    // for an empty directory and for a check that there is not or that is named twice, and see
    // default_data_dir.
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
