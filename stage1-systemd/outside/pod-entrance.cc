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
    pid_t leader = read_leader();
    Fd process = open_pidfd(leader);
    if (!process)
        throw Error("joining the pod: it does not run");
    PodEntrance entrance(leader, std::move(process));
    entrance.has_users_ = !same_user_namespace(leader);
    return entrance;
}

void PodEntrance::join() const {
    if (::setns(process_.get(), CLONE_NEWNS | CLONE_NEWPID) < 0)
        throw SystemError(errno, "joining the pod");
}

int PodEntrance::systemctl(const std::vector<std::string>& words, unsigned seconds) const {
    Command command = {.program = "/usr/bin/systemctl", .arguments = {"--no-ask-password", "--quiet"}};
    command.arguments.insert(command.arguments.end(), words.begin(), words.end());
    command.environment = std::vector<std::string>{"PATH=/usr/bin"};
    int users = has_users_ ? process_.get() : -1;
    command.become = [users, seconds]() -> const char* {
        ::alarm(seconds); // which execve(2) keeps
        if (users >= 0 && ::setns(users, CLONE_NEWUSER) < 0)
            return "joining the pod's users";
        if (::setresgid(0, 0, 0) < 0 || ::setresuid(0, 0, 0) < 0)
            return "becoming the pod's root";
        return nullptr;
    };
    return Child::spawn(command).wait();
}

} // namespace rkt
