// SPDX-License-Identifier: Apache-2.0
//
// The entry point that runs a command inside an app: enter --pid=LEADER --appname=APP [FLAG...] --
// [COMMAND...]
//
// The command is as confined as the app: it lives in the app's namespaces, root and cgroup, as the app's
// user, with its capabilities, limits and system call filters. All this is copied from the process that
// carries the app's output, which stays as the app was started, while the app may change itself.
//
// This program itself stays on the host, waits for the command, and passes signals on to it.

#include "stage1-systemd/outside/entry-points.h"

#include "base/error.h"
#include "base/text.h"
#include "os/cgroup.h"
#include "os/dir.h"
#include "os/file.h"
#include "os/lock.h"
#include "os/loop.h"
#include "os/pass.h"
#include "os/process.h"
#include "os/relay.h"
#include "os/signals.h"
#include "os/terminal.h"
#include "pod/layout.h"
#include "pod/record.h"
#include "stage1-systemd/outside/account.h"
#include "stage1-systemd/outside/confinement.h"
#include "stage1-systemd/outside/enter-arguments.h"
#include "stage1-systemd/outside/filter.h"
#include "stage1-systemd/outside/own-program.h"

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <filesystem>

#include <linux/bpf_common.h>
#include <linux/filter.h>
#include <sched.h>
#include <sys/prctl.h>

namespace rkt {

namespace {

constexpr const char* tools_name = "tools"; // in the place of a path

// systemd puts an underscore before a name that the kernel could take for one of its own files
// ("cpu.service").
Cgroup cgroup_of(const EnterArguments& arguments) {
    auto init = Cgroup::of(arguments.leader);
    if (!init)
        throw Error("the pod does not run");
    Cgroup services = init->parent().child("system.slice");
    Cgroup plain = services.child(arguments.app + ".service");
    return plain.populated() ? plain : services.child("_" + arguments.app + ".service");
}

// The carrier of the output, which is as the app was started; else the app's first process. Both are children
// of the pod's first process; other commands that were brought here are not, and may be less confined.
Process find_model(const EnterArguments& arguments, const Cgroup& cgroup) {
    std::vector<Process> processes;
    for (pid_t pid : cgroup.processes())
        processes.push_back({pid, open_pidfd(pid)});
    // What is asked of a number now is an answer of the process that is held.
    std::vector<pid_t> present = cgroup.processes();
    std::erase_if(processes, [&](const Process& process) {
        return !process.handle || std::ranges::count(present, process.pid) == 0 ||
               parent_of(process.pid) != arguments.leader;
    });
    if (processes.empty())
        throw Error("app {} does not run", arguments.app);
    auto carrier = std::ranges::find_if(
        processes, [](const Process& process) { return trim(read_of(process.pid, "comm")) == "output"; });
    Process model = std::move(carrier != processes.end() ? *carrier : processes.front());
    // What systemd has just begun is neither in the app's root yet nor confined.
    if (!await_program(model.handle, model.pid, arguments.leader, std::chrono::seconds(30)))
        throw Error("app {} does not run", arguments.app);
    return model;
}

// A process is traced by one at a time, and several commands may be brought to one pod at once.
Lock lock_tracing() {
    return Lock::take(PodLayout{std::filesystem::current_path()}.stage1_overlay(), LockMode::Exclusive);
}

// The filter of the app's own isolators, as run has written it.
std::optional<FilterProgram> own_filter(const std::string& app) {
    constexpr std::size_t longest = BPF_MAXINSNS * sizeof(sock_filter);
    PodLayout layout{std::filesystem::current_path()};
    std::optional<Record> record = Record::find(layout, layout.app_filter(app));
    if (!record)
        return std::nullopt;
    return parse_program(record->text(longest).value_or(""), layout.app_filter(app));
}

// The carrier has all of the app's filters but the one of its own isolators, which launch loads as the last.
std::vector<FilterProgram> app_filters(pid_t model, const std::string& app) {
    Lock lock = lock_tracing();
    try {
        std::vector<FilterProgram> filters = filters_of(model);
        if (auto own = own_filter(app))
            filters.push_back(std::move(*own));
        return filters;
    } catch (SystemError& error) {
        error.during("the app's system call filter cannot be copied here, so a command can be run without it "
                     "only (--privileged)");
        throw;
    }
}

// Where the kernel does not show them, those that stage1 was built with are as strict.
std::vector<FilterProgram> pod_filters(pid_t leader) {
    Lock lock = lock_tracing();
    try {
        return filters_of(leader);
    } catch (const SystemError&) {
        if (auto filters = read_filter(own_directory()))
            return *filters;
        throw;
    }
}

// As root with all that the pod may do.
void lift(Confinement& confinement, pid_t leader) {
    confinement.credentials.bounding = parse_credentials(read_of(leader, "status")).bounding;
    confinement.credentials.no_new_privileges = false;
    confinement.filters = pod_filters(leader);
}

// Another user has none of the powers that the app was given for its own.
void change_user(Credentials& credentials, const Account& account) {
    if (credentials.uid == account.uid)
        return;
    credentials.uid = account.uid;
    credentials.gid = account.gid;
    credentials.supplementary.clear();
    credentials.ambient = 0;
    credentials.inheritable = 0;
}

void put(std::vector<std::string>& environment, const std::string& name, const std::string& value) {
    std::erase_if(environment, [&](const std::string& word) { return word.starts_with(name + "="); });
    environment.push_back(name + "=" + value);
}

void describe_user(std::vector<std::string>& environment, const Account& account) {
    std::string name = account.name.empty() ? std::to_string(account.uid) : account.name;
    put(environment, "USER", name);
    put(environment, "LOGNAME", name);
    put(environment, "HOME", account.home);
    put(environment, "SHELL", account.shell);
}

// For tools, which are not the app.
std::vector<std::string> bare_environment() {
    return {"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "container=rkt"};
}

void add_asked(std::vector<std::string>& environment, const EnterArguments& arguments) {
    const char* terminal = std::getenv("TERM");
    if (arguments.terminal)
        put(environment, "TERM", terminal != nullptr ? terminal : "vt100");
    for (const auto& [name, value] : arguments.environment)
        put(environment, name, value);
}

// Commands are looked for along the app's PATH, by a child of ours.
void look_along(const std::vector<std::string>& environment) {
    ::unsetenv("PATH");
    for (const std::string& word : environment)
        if (word.starts_with("PATH="))
            ::setenv("PATH", word.c_str() + 5, 1);
}

std::string find_shell(const Dir& root, const std::string& app) {
    for (const char* shell : {"/bin/bash", "/bin/sh"})
        if (root.open_beneath(shell, O_PATH))
            return shell;
    if (root.path() == tools_name)
        throw Error(
            "the image has neither /bin/bash nor /bin/sh: say behind -- which of its programs to run");
    throw Error(
        "app {} has neither /bin/bash nor /bin/sh: say which of its programs to run (rkt exec), or bring "
        "tools of another image (rkt debug)",
        app);
}

// The user that was asked for; root, where nothing but the pod is to confine it.
std::optional<Account> asked_user(const EnterArguments& arguments, const Dir& root, pid_t model) {
    if (!arguments.user && !arguments.privileged)
        return std::nullopt;
    gid_t group = id_within(parse_credentials(read_of(model, "status")).gid, read_of(model, "gid_map"));
    uid_t shift = id_without(0, read_of(model, "uid_map"));
    return resolve_user({root, shift}, arguments.user.value_or("0"), group);
}

Confinement read_confinement(const EnterArguments& arguments, const Process& model,
                             const std::optional<Account>& user) {
    Confinement confinement = confinement_of(model);
    if (user)
        change_user(confinement.credentials, *user);
    if (arguments.privileged)
        lift(confinement, arguments.leader);
    else
        confinement.filters = app_filters(model.pid, arguments.app);
    confinement.subdirectory = arguments.directory;
    if (arguments.tools)
        confinement.tools = copy_of(*arguments.tools);
    return confinement;
}

Command read_command(const EnterArguments& arguments, pid_t model, const Dir& root,
                     const std::optional<Account>& user) {
    Command command;
    if (arguments.command.empty())
        command.program = find_shell(root, arguments.app);
    else
        command = {.program = arguments.command.front(),
                   .arguments = {arguments.command.begin() + 1, arguments.command.end()}};
    command.environment = arguments.tools ? bare_environment() : parse_strings(read_of(model, "environ"));
    if (user)
        describe_user(*command.environment, *user);
    add_asked(*command.environment, arguments);
    look_along(*command.environment);
    return command;
}

// The kernel ends what it must before others; the command is as dear as the app.
void take_oom_score(pid_t model) {
    write_plainly("/proc/self/oom_score_adj", read_of(model, "oom_score_adj"));
}

// The command's streams become a terminal. Gives the other end of it.
Fd add_terminal(Confinement& confinement, Command& command, const EnterArguments& arguments) {
    uid_t owner = id_without(confinement.credentials.uid, read_of(arguments.leader, "uid_map"));
    TerminalPair pair = open_terminal(fmt::format("/proc/{}/root", arguments.leader), owner);
    set_window_size(pair.master.get(), arguments.size);
    confinement.terminal = std::move(pair.slave);
    for (int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
        command.descriptors.emplace_back(confinement.terminal.get(), stream);
    return std::move(pair.master);
}

int wait_for(Child& child, Signals& signals) {
    Loop loop;
    loop.watch(child.pidfd(), [&] { loop.stop(); });
    loop.watch(signals.fd(), [&] {
        while (std::optional<int> signal = signals.take())
            child.kill(*signal);
    });
    loop.run();
    return child.wait();
}

int run_in(Confinement& confinement, Command& command, const EnterArguments& arguments) {
    Signals signals{SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2};
    Fd master = arguments.terminal ? add_terminal(confinement, command, arguments) : Fd();
    command.become = [&] { return take_on(confinement); };
    if (::setns(confinement.process.get(), CLONE_NEWPID) < 0)
        throw SystemError(errno, "joining the pod's process numbers");
    Child child = Child::spawn(command);
    confinement.terminal.reset();
    if (arguments.terminal)
        send_fd(*arguments.terminal, master.get());
    master.reset(); // so that the terminal hangs up when whoever got it is gone
    return wait_for(child, signals);
}

} // namespace

int enter(const Arguments& words) {
    EnterArguments arguments = read_enter_arguments(words);
    run_unwritable();
    ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); // the pod may not look into the command's process while it is ours
    ::prctl(PR_SET_PDEATHSIG, SIGHUP, 0, 0, 0); // whoever reads its output is gone
    Cgroup cgroup = cgroup_of(arguments);
    Process model = find_model(arguments, cgroup);
    Dir root = arguments.tools ? Dir(copy_of(*arguments.tools), tools_name)
                               : Dir::open(fmt::format("/proc/{}/root", model.pid));
    std::optional<Account> user = asked_user(arguments, root, model.pid);
    Confinement confinement = read_confinement(arguments, model, user);
    Command command = read_command(arguments, model.pid, root, user);
    take_oom_score(model.pid);
    if (!model.signal(0)) // its number may have become another's while it was read
        throw Error("app {} does not run any more", arguments.app);
    Fd birthplace = cgroup.open();
    command.cgroup = birthplace.get();
    return run_in(confinement, command, arguments);
}

} // namespace rkt
