// SPDX-License-Identifier: Apache-2.0
//
// The entry points that start, stop and restart one app of a running pod: app-start --debug=BOOL --app=APP
//
// The pod's own systemctl asks the pod's systemd, which listens to nobody outside. RKT_STAGE1_ENTERPID is the
// pod's first process.

#include "stage1-systemd/outside/entry-points.h"

#include "base/error.h"
#include "base/text.h"
#include "os/process.h"
#include "wrap/command-line.h"

#include <cerrno>
#include <climits>
#include <cstdlib>
#include <string>

#include <sched.h>
#include <sys/stat.h>
#include <unistd.h>

namespace rkt {

namespace {

std::string read_app(const Arguments& words) {
    std::string app;
    std::string debug;
    CommandLine line("app-start --app=APP", "Starts, stops or restarts an app of a running pod.");
    line.option("--app", app, "the app's name");
    line.option("--debug", debug, "accepted, and nothing more");
    line.parse(words);
    if (app.empty())
        throw UsageError("--app is needed");
    return app;
}

pid_t read_leader() {
    const char* text = std::getenv("RKT_STAGE1_ENTERPID");
    auto number = parse_number(text != nullptr ? text : "");
    if (!number || *number == 0 || *number > INT_MAX)
        throw UsageError("RKT_STAGE1_ENTERPID is not the number of a process");
    return static_cast<pid_t>(*number);
}

bool has_own_users(pid_t leader) {
    struct stat its = {};
    struct stat ours = {};
    std::string path = fmt::format("/proc/{}/ns/user", leader);
    return ::stat(path.c_str(), &its) == 0 && ::stat("/proc/self/ns/user", &ours) == 0 &&
           its.st_ino != ours.st_ino;
}

// The pod's systemd takes its systemctl for one of its own: the same processes, and root.
int ask_systemd(pid_t leader, const char* action, const std::string& app) {
    Fd process = open_pidfd(leader);
    int spaces = CLONE_NEWNS | CLONE_NEWPID | (has_own_users(leader) ? CLONE_NEWUSER : 0);
    if (!process || ::setns(process.get(), spaces) < 0)
        throw SystemError(errno, "joining the pod");
    if (::setresgid(0, 0, 0) < 0 || ::setresuid(0, 0, 0) < 0)
        throw SystemError(errno, "becoming the pod's root");
    Command systemctl = {.program = "/usr/bin/systemctl",
                         .arguments = {"--no-ask-password", "--quiet", action, app + ".service"}};
    systemctl.environment = std::vector<std::string>{"PATH=/usr/bin"};
    return Child::spawn(systemctl).wait();
}

} // namespace

int start_app(const Arguments& words) {
    return ask_systemd(read_leader(), "start", read_app(words));
}

int stop_app(const Arguments& words) {
    return ask_systemd(read_leader(), "stop", read_app(words));
}

int restart_app(const Arguments& words) {
    return ask_systemd(read_leader(), "restart", read_app(words));
}

} // namespace rkt
