// SPDX-License-Identifier: Apache-2.0

#include "config/global-flags.h"

#include "base/error.h"
#include "base/log.h"
#include "base/text.h"

#include <algorithm>
#include <array>

namespace rkt {

namespace {

// The checks that --insecure-options turns off, and the groups it knows them by. What was once
// checked on disk is not any more; its name is still taken.
constexpr std::array<std::string_view, 4> fetch_checks = {"image", "tls", "http", "pubkey"};

using Checks = std::set<std::string, std::less<>>;

bool add(Checks& checks, std::string_view option) {
    bool all = option == "all";
    if (all || option == "all-fetch")
        checks.insert(fetch_checks.begin(), fetch_checks.end());
    if (all || option == "all-run")
        checks.insert(run_checks.begin(), run_checks.end());
    if (all || option == "all-fetch" || option == "all-run" || option == "none" || option == "ondisk")
        return true;
    if (std::ranges::find(fetch_checks, option) == fetch_checks.end() &&
        std::ranges::find(run_checks, option) == run_checks.end())
        return false;
    checks.emplace(option);
    return true;
}

Checks read_insecure_options(std::string_view list) {
    Checks checks;
    Checks named;
    for (std::string_view word : split(list, ',')) {
        std::string option = lower_case(word);
        if (!named.insert(option).second)
            throw UsageError("--insecure-options names {} twice", option);
        if (!add(checks, option))
            throw UsageError("--insecure-options knows no {}; it takes none, {}, {}, all-fetch, all-run, all",
                             option, fmt::join(fetch_checks, ", "), fmt::join(run_checks, ", "));
    }
    return checks;
}

std::filesystem::path read_directory(std::string_view flag, const std::string& value) {
    if (value.empty())
        throw UsageError("{} needs a directory", flag);
    return std::filesystem::weakly_canonical(std::filesystem::absolute(value));
}

} // namespace

std::filesystem::path default_data_dir(const ConfigRoots& roots) {
    std::optional<std::filesystem::path> configured = read_paths(roots).data;
    return configured ? std::filesystem::weakly_canonical(*configured) : "/var/lib/rkt";
}

void GlobalFlags::declare(CommandLine& line) {
    line.flag("--debug", debug_, "Tell on stderr what is being done");
    line.option("--dir", data_dir_, "The data directory (as configured, or /var/lib/rkt)");
    line.option("--system-config", system_config_, "The vendor's configuration (/usr/lib/rkt)");
    line.option("--local-config", local_config_, "The administrator's configuration (/etc/rkt)");
    line.option("--user-config", user_config_, "The user's configuration (none)");
    line.option("--insecure-options", insecure_options_, "What not to check, separated by commas (none)");
    line.flag("--trust-keys-from-https", trust_keys_from_https_, "Trust keys that are found by https");
}

ConfigRoots GlobalFlags::read_roots() const {
    ConfigRoots roots;
    if (system_config_)
        roots.system = read_directory("--system-config", *system_config_);
    if (local_config_)
        roots.local = read_directory("--local-config", *local_config_);
    if (user_config_)
        roots.user = read_directory("--user-config", *user_config_);
    return roots;
}

Globals GlobalFlags::read() const {
    Globals globals = {.config = read_roots(), .umask = take_usual_umask()};
    if (debug_) {
        enable_debug();
        globals.words.emplace_back("--debug");
    }
    globals.trust_keys_from_https = trust_keys_from_https_;
    if (trust_keys_from_https_)
        globals.words.emplace_back("--trust-keys-from-https");
    if (insecure_options_) {
        globals.insecure = read_insecure_options(*insecure_options_);
        globals.words.push_back("--insecure-options=" + *insecure_options_);
    }
    globals.data_dir = data_dir_ ? read_directory("--dir", *data_dir_) : default_data_dir(globals.config);
    globals.words.push_back("--dir=" + globals.data_dir.native());
    globals.words.push_back("--system-config=" + globals.config.system.native());
    globals.words.push_back("--local-config=" + globals.config.local.native());
    if (globals.config.user)
        globals.words.push_back("--user-config=" + globals.config.user->native());
    return globals;
}

} // namespace rkt
