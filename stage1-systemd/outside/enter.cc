// SPDX-License-Identifier: Apache-2.0
//
// The entry point that runs a command inside an app: enter --pid=LEADER --appname=APP -- COMMAND...
//
// The command is as confined as the app: it lives in the app's namespaces, root and cgroup, as the app's
// user, and with no more capabilities. All this is copied from the process that carries the app's output,
// which stays as the app was started, while the app may change itself. (The app's own system call filter is
// not copied: the kernel has no door for that. The pod's is loaded again.)

#include "stage1-systemd/outside/entry-points.h"

#include "base/error.h"
#include "base/text.h"
#include "os/cgroup.h"
#include "os/fd.h"
#include "os/process.h"
#include "stage1-systemd/outside/filter.h"
#include "stage1-systemd/outside/process-facts.h"
#include "wrap/command-line.h"

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <optional>
#include <string>
#include <vector>

#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace rkt {

namespace {

struct EnterArguments {
    pid_t leader = 0;
    std::string app = {};
    std::vector<std::string> command = {};
};

EnterArguments read_arguments(const std::vector<std::string>& words) {
    EnterArguments arguments;
    std::string leader;
    CommandLine line("enter --pid=LEADER --appname=APP -- COMMAND...", "Runs a command inside an app.");
    line.option("--pid", leader, "of the pod's first process");
    line.option("--appname", arguments.app, "the app's name");
    line.words(
        "COMMAND", [&](const std::string& word) { arguments.command.push_back(word); }, "and its arguments");
    line.parse(words);
    auto number = parse_number(leader);
    if (!number || *number == 0 || *number > INT_MAX || arguments.app.empty() || arguments.command.empty())
        throw UsageError("--pid, --appname and a command are needed");
    arguments.leader = static_cast<pid_t>(*number);
    return arguments;
}

// systemd puts an underscore before a name that the kernel could take for one of its own files
// ("cpu.service").
std::vector<pid_t> processes_of(const EnterArguments& arguments) {
    auto init = Cgroup::of(arguments.leader);
    if (!init)
        throw Error("the pod does not run");
    Cgroup services = init->parent().child("system.slice");
    auto found = services.child(arguments.app + ".service").processes();
    return found.empty() ? services.child("_" + arguments.app + ".service").processes() : found;
}

pid_t find_model(const EnterArguments& arguments) {
    auto processes = processes_of(arguments);
    if (processes.empty())
        throw Error("app {} does not run", arguments.app);
    auto carrier =
        std::ranges::find_if(processes, [](pid_t pid) { return trim(read_of(pid, "comm")) == "output"; });
    return carrier != processes.end() ? *carrier : processes.front();
}

bool same_user_namespace(pid_t pid) {
    struct stat its = {};
    struct stat ours = {};
    std::string path = fmt::format("/proc/{}/ns/user", pid);
    return ::stat(path.c_str(), &its) == 0 && ::stat("/proc/self/ns/user", &ours) == 0 &&
           its.st_ino == ours.st_ino;
}

void join_namespaces(pid_t pid) {
    Fd process = open_pidfd(pid);
    Fd root(::open(fmt::format("/proc/{}/root", pid).c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!process || !root)
        throw SystemError(errno, "opening process {}", pid);
    int all = CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWNET | CLONE_NEWCGROUP;
    if (::setns(process.get(), same_user_namespace(pid) ? all : all | CLONE_NEWUSER) < 0)
        throw SystemError(errno, "joining the namespaces of process {}", pid);
    if (::fchdir(root.get()) < 0 || ::chroot(".") < 0)
        throw SystemError(errno, "changing to the app's root");
}

void drop_capabilities(std::uint64_t kept) {
    for (int capability = 0; capability < 64; ++capability) {
        bool keep = ((kept >> capability) & 1) != 0;
        if (!keep && ::prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) < 0 && errno != EINVAL)
            throw SystemError(errno, "dropping capability {}", capability);
    }
}

void become(const Credentials& credentials) {
    drop_capabilities(credentials.bounding);
    const std::vector<gid_t>& groups = credentials.supplementary;
    if (::setgroups(groups.size(), groups.data()) < 0 ||
        ::setresgid(credentials.gid, credentials.gid, credentials.gid) < 0 ||
        ::setresuid(credentials.uid, credentials.uid, credentials.uid) < 0)
        throw SystemError(errno, "becoming user {}", credentials.uid);
    if (credentials.no_new_privileges && ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
        throw SystemError(errno, "giving up new privileges");
}

// The app's own environment, with the caller's terminal.
std::vector<std::string> environment_in(const std::vector<std::string>& app) {
    std::vector<std::string> environment = app;
    std::erase_if(environment, [](const std::string& word) { return word.starts_with("TERM="); });
    if (const char* terminal = std::getenv("TERM"))
        environment.push_back(std::string("TERM=") + terminal);
    for (const std::string& word : environment)
        if (word.starts_with("PATH=")) // the command is looked for along the app's
            ::setenv("PATH", word.c_str() + 5, 1);
    return environment;
}

// The terminal sends its signals to both.
void leave_signals_to_command() {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGQUIT);
    ::sigprocmask(SIG_BLOCK, &signals, nullptr);
}

} // namespace

int enter(const Arguments& words) {
    EnterArguments arguments = read_arguments(words);
    pid_t model = find_model(arguments);
    Credentials credentials = parse_credentials(read_of(model, "status"));
    Command command = {.program = arguments.command.front(),
                       .arguments = {arguments.command.begin() + 1, arguments.command.end()}};
    command.environment = environment_in(parse_strings(read_of(model, "environ")));
    if (auto cgroup = Cgroup::of(model))
        cgroup->join();
    load_filter(program_directory());
    join_namespaces(model);
    become(credentials);
    leave_signals_to_command();
    return Child::spawn(command).wait();
}

} // namespace rkt
