// SPDX-License-Identifier: Apache-2.0
//
// The entry point that stops a pod: stop [--force] UUID
//
// Asks only, and does not wait: who stops a pod watches it. The pod's systemd is asked itself, since nspawn
// takes a second SIGTERM as an order to kill, and a person may well stop a pod twice.

#include "stage1-systemd/outside/entry-points.h"

#include "appc/uuid.h"
#include "base/error.h"
#include "pod/layout.h"
#include "stage1-systemd/outside/process-facts.h"
#include "wrap/command-line.h"

#include <csignal>
#include <filesystem>
#include <string>
#include <vector>

namespace rkt {

namespace {

struct StopArguments {
    bool force = false;
    std::string uuid = {};
};

StopArguments read_arguments(const std::vector<std::string>& words) {
    StopArguments arguments;
    bool debug = false;
    CommandLine line("stop [FLAG...] UUID", "Stops the pod whose directory is the working directory.");
    line.flag("--debug", debug, "accepted, and nothing more");
    line.flag("--force", arguments.force, "kill it");
    line.words(
        "UUID", [&](const std::string& word) { arguments.uuid = word; }, "of the pod");
    line.parse(words);
    return arguments;
}

// What "machinectl poweroff" sends (systemd(1), Signals): apps end in order, and asking again changes
// nothing.
int poweroff_signal() {
    return SIGRTMIN + 4;
}

} // namespace

int stop(const Arguments& words) {
    StopArguments arguments = read_arguments(words);
    PodLayout layout{std::filesystem::current_path()};
    auto nspawn = find_nspawn(layout, Uuid::parse(arguments.uuid));
    if (!nspawn)
        throw Error("stopping pod {}: it does not run", arguments.uuid);
    auto leader = find_leader(*nspawn);
    if (arguments.force) {
        if (leader)
            leader->signal(SIGKILL);
        nspawn->signal(SIGKILL);
    } else if (leader) {
        leader->signal(poweroff_signal());
    } else {
        nspawn->signal(SIGTERM); // no app has been started yet
    }
    return 0;
}

} // namespace rkt
