// SPDX-License-Identifier: Apache-2.0

#include "stage1-systemd/outside/pod-entrance.h"

#include "base/error.h"
#include "base/text.h"
#include "os/process.h"
#include "stage1-systemd/outside/process-facts.h"

#include <cerrno>
#include <climits>
#include <cstdlib>

#include <sched.h>
#include <unistd.h>

namespace rkt {

namespace {

pid_t read_leader() {
    const char* text = std::getenv("RKT_STAGE1_ENTERPID");
    auto number = parse_number(text != nullptr ? text : "");
    if (!number || *number == 0 || *number > INT_MAX)
        throw UsageError("RKT_STAGE1_ENTERPID is not the number of a process");
    return static_cast<pid_t>(*number);
}

} // namespace

PodEntrance PodEntrance::find() {
    pid_t number = read_leader();
    Process leader = {.pid = number, .handle = open_pidfd(number)};
    if (!leader.handle)
        throw Error("joining the pod: it does not run");
    Confinement confinement = confinement_of(leader);
    if (!leader.signal(0)) // its number may have become another's while it was read
        throw Error("joining the pod: it does not run any more");
    return {number, std::move(confinement)};
}

void PodEntrance::join() const {
    if (::setns(confinement_.process.get(), CLONE_NEWNS | CLONE_NEWPID) < 0)
        throw SystemError(errno, "joining the pod");
}

int PodEntrance::systemctl(const std::vector<std::string>& words, unsigned seconds) const {
    Command command = {.program = "/usr/bin/systemctl", .arguments = {"--no-ask-password", "--quiet"}};
    command.arguments.insert(command.arguments.end(), words.begin(), words.end());
    command.environment = std::vector<std::string>{"PATH=/usr/bin"};
    command.become = [this, seconds] {
        ::alarm(seconds); // which execve(2) keeps
        return take_on(confinement_);
    };
    return Child::spawn(command).wait();
}

} // namespace rkt
