// SPDX-License-Identifier: Apache-2.0

#include "cmd-pod/launch-flags.h"

#include "base/error.h"
#include "os/terminal.h"
#include "stage0/compose.h"

#include <unistd.h>

namespace rkt {

namespace {

bool parse_register(const std::string& word) {
    if (word.empty() || word == "true" || word == "yes")
        return true;
    if (word == "false" || word == "no")
        return false;
    throw UsageError("--mds-register={}: true and false are known", word);
}

} // namespace

void LaunchFlags::declare(CommandLine& line) {
    line.maybe(
        "--net", [this](const std::string& word) { network_ = word; },
        "default, none, host, all, or networks: NAME[:KEY=VALUE;…],… (default)");
    line.option("--hostname", hostname_, "The pod's host name (the machine's name)");
    declare_names(line);
    line.maybe(
        "--private-users", [this](const std::string& word) { private_users_ = parse_private_users(word); },
        "Users of the pod's own: auto (where it can be), yes, no (auto)");
    line.maybe(
        "--mds-register", [this](const std::string& word) { metadata_ = parse_register(word); },
        "Let the metadata service tell the apps who they are: true, false (if it has been started)");
    line.flag("--interactive", interactive_,
              "Give the only app our terminal, or our standard streams if we have none");
    line.flag("--strict-isolators", strict_isolators_, "Start nothing if an isolator cannot be enforced");
}

void LaunchFlags::declare_names(CommandLine& line) {
    line.each(
        "--dns", [this](const std::string& word) { names_.take_dns(word); },
        "Servers that the apps ask for names: IP,…; host: the host's file; none: the image's");
    line.each(
        "--dns-search", [this](const std::string& word) { names_.take_search(word); },
        "A domain in which names are looked for");
    line.each(
        "--dns-opt", [this](const std::string& word) { names_.take_option(word); },
        "An option of resolv.conf");
    line.each(
        "--dns-domain", [this](const std::string& word) { names_.take_domain(word); },
        "The domain of the pod");
    line.each(
        "--hosts-entry", [this](const std::string& word) { names_.take_entries(word); },
        "IP=NAME,… for /etc/hosts of the apps; host: the host's file");
}

void LaunchFlags::apply(PodManifest& pod) const {
    if (interactive_)
        make_interactive(pod, is_terminal(STDIN_FILENO));
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
    names_.check();
    if (hostname_)
        check_host_name("--hostname", *hostname_);
    LaunchOptions options = {.names = names_,
                             .hostname = hostname_,
                             .private_users = private_users_,
                             .metadata = metadata_,
                             .strict_isolators = strict_isolators_,
                             .insecure = globals.insecure};
    options.network = plan_networks(network_.value_or("default"), globals.config);
    return options;
}

} // namespace rkt
