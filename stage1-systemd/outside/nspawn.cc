// SPDX-License-Identifier: Apache-2.0

#include "stage1-systemd/outside/nspawn.h"

#include "base/error.h"
#include "base/text.h"

#include <unistd.h>

namespace rkt {

namespace {

// stage0 has the pod's unit, and registers its machine. What nspawn would do to the tree beyond starting it
// (a link to the journal, the host's time zone and resolver) is rkt's to decide. The pod's own settings file,
// if it had one, would be a stranger's.
const std::vector<std::string>& common_words() {
    static const std::vector<std::string> words = {
        "systemd-nspawn",
        "--quiet",
        "--boot",
        "--keep-unit",
        "--register=no",
        "--settings=no",
        "--notify-ready=yes",
        "--link-journal=no",
        "--timezone=off",
        "--resolv-conf=off",
        "--console=read-only",
    };
    return words;
}

} // namespace

std::vector<std::string> nspawn_words(const NspawnOptions& options) {
    std::vector<std::string> words = common_words();
    words.push_back("--machine=" + options.machine);
    words.push_back("--uuid=" + options.uuid.str());
    words.push_back("--directory=" + options.rootfs.native());
    if (options.network == Network::None)
        words.emplace_back("--private-network");
    if (options.hostname)
        words.push_back("--hostname=" + *options.hostname);
    if (options.private_users) {
        words.push_back("--private-users=" + *options.private_users);
        words.emplace_back("--private-users-ownership=off");
    }
    std::vector<std::string> names(options.capabilities.begin(), options.capabilities.end());
    if (options.network == Network::Joined) // what nspawn gives with a network that it has made
        names.insert(names.end(), {"CAP_NET_ADMIN", "CAP_NET_BIND_SERVICE"});
    if (!names.empty())
        words.push_back("--capability=" + join(names, ","));
    if (!options.debug)
        words.emplace_back("systemd.show_status=no"); // a word for the pod's systemd
    return words;
}

void become_nspawn(const std::vector<std::string>& words) {
    std::vector<char*> arguments;
    arguments.reserve(words.size() + 1);
    for (const std::string& word : words)
        arguments.push_back(const_cast<char*>(word.c_str())); // execvp(3) does not write there
    arguments.push_back(nullptr);
    ::execvp(arguments[0], arguments.data());
    throw SystemError(errno, "executing {}", words[0]);
}

} // namespace rkt
