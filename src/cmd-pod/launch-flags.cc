// SPDX-License-Identifier: Apache-2.0

#include "cmd-pod/launch-flags.h"

#include "base/error.h"
#include "os/terminal.h"
#include "stage0/compose.h"

#include <array>

#include <unistd.h>

namespace rkt {

namespace {

bool parse_bool(const char* flag, const std::string& word) {
    if (word.empty() || word == "true" || word == "yes")
        return true;
    if (word == "false" || word == "no")
        return false;
    throw UsageError("{}={}: true and false are known", flag, word);
}

void take_hostname(LaunchOptions& options, const std::string& word) {
    check_host_name("--hostname", word);
    options.hostname = word;
}

enum class Value { Needed, Maybe };

// Of several the last counts, but for those that are lists.
struct LaunchFlag {
    const char* name;
    Value value;
    void (*take)(LaunchOptions&, const std::string&);
    const char* help;
};

constexpr std::array launch_flags = {
    LaunchFlag{"--net", Value::Maybe,
               [](LaunchOptions& options, const std::string& word) { options.network.word = word; },
               "default, none, host, all, or networks: NAME[:KEY=VALUE;…],… (default)"},
    LaunchFlag{"--hostname", Value::Needed, take_hostname, "The pod's host name (the machine's name)"},
    LaunchFlag{"--dns", Value::Needed,
               [](LaunchOptions& options, const std::string& word) { options.names.take_dns(word); },
               "Servers that the apps ask for names: IP,…; host: the host's file; none: the image's"},
    LaunchFlag{"--dns-search", Value::Needed,
               [](LaunchOptions& options, const std::string& word) { options.names.take_search(word); },
               "A domain in which names are looked for"},
    LaunchFlag{"--dns-opt", Value::Needed,
               [](LaunchOptions& options, const std::string& word) { options.names.take_option(word); },
               "An option of resolv.conf"},
    LaunchFlag{"--dns-domain", Value::Needed,
               [](LaunchOptions& options, const std::string& word) { options.names.take_domain(word); },
               "The domain of the pod"},
    LaunchFlag{"--hosts-entry", Value::Needed,
               [](LaunchOptions& options, const std::string& word) { options.names.take_entries(word); },
               "IP=NAME,… for /etc/hosts of the apps; host: the host's file"},
    LaunchFlag{"--private-users", Value::Maybe,
               [](LaunchOptions& options, const std::string& word) {
                   options.private_users = parse_private_users(word);
               },
               "Users of the pod's own: auto (where it can be), yes, no (auto)"},
    LaunchFlag{"--mds-register", Value::Maybe,
               [](LaunchOptions& options, const std::string& word) {
                   options.metadata = parse_bool("--mds-register", word);
               },
               "Let the metadata service tell the apps who they are: true, false (if it has been started)"},
    LaunchFlag{"--strict-isolators", Value::Maybe,
               [](LaunchOptions& options, const std::string& word) {
                   options.strict_isolators = parse_bool("--strict-isolators", word);
               },
               "Start nothing if an isolator cannot be enforced: true, false (false)"},
};

// Beside the flags of ours; a list of checks.
constexpr std::string_view insecure = "--insecure-options";

} // namespace

void LaunchFlags::declare(CommandLine& line) {
    for (const LaunchFlag& flag : launch_flags) {
        auto take = [this, name = flag.name](const std::string& word) { given_[name].push_back(word); };
        if (flag.value == Value::Maybe)
            line.maybe(flag.name, take, flag.help);
        else
            line.each(flag.name, take, flag.help);
    }
}

void LaunchFlags::declare_interactive(CommandLine& line) {
    line.flag("--interactive", interactive_,
              "Give the only app our terminal, or our standard streams if we have none");
}

PrivateUsers parse_private_users(const std::string& word) {
    if (word == "auto")
        return PrivateUsers::Auto;
    if (word.empty() || word == "yes" || word == "true")
        return PrivateUsers::Yes;
    if (word == "no" || word == "false")
        return PrivateUsers::No;
    throw UsageError("--private-users={}: auto, yes and no are known", word);
}

LaunchOptions LaunchFlags::options(const Globals& globals) const {
    LaunchOptions options = {.insecure = globals.insecure};
    options.network.word = ""; // the default network
    for (const LaunchFlag& flag : launch_flags)
        if (auto words = given_.find(flag.name); words != given_.end())
            for (const std::string& word : words->second)
                flag.take(options, word);
    options.names.check();
    options.network = plan_networks(options.network.word, globals.config);
    if (auto checks = given_.find(insecure); checks != given_.end())
        options.insecure.insert(checks->second.begin(), checks->second.end());
    return options;
}

std::string LaunchFlags::text() const {
    if (given_.empty())
        return "";
    Json json = Json::Object{};
    for (const auto& [flag, words] : given_)
        json.set(flag, words);
    return json.compact() + "\n";
}

void LaunchFlags::take_earlier(std::string_view text) {
    if (text.empty())
        return;
    Json earlier = Json::parse_object(text);
    for (const auto& [flag, words] : earlier.object())
        given_.try_emplace(flag, words.strings());
}

void LaunchFlags::take_insecure(const Globals& globals) {
    for (std::string_view check : run_checks)
        if (globals.is_insecure(check))
            given_[std::string(insecure)].emplace_back(check);
}

void LaunchFlags::apply(PodManifest& pod) const {
    if (interactive_)
        make_interactive(pod, is_terminal(STDIN_FILENO));
}

} // namespace rkt
