// SPDX-License-Identifier: Apache-2.0

#include "stage0/enter.h"

#include "base/error.h"
#include "os/pass.h"
#include "os/process.h"
#include "os/relay.h"
#include "os/signals.h"
#include "stage0/mounts.h"
#include "stage0/stage1.h"

#include <csignal>

#include <fcntl.h>
#include <unistd.h>

namespace rkt {

namespace {

// What stage1 gets beside the standard streams.
constexpr int terminal_number = 3;
constexpr int tools_number = 4;

std::vector<std::string> words_of(const EnterRequest& request) {
    std::vector<std::string> words = {"--appname=" + request.app};
    if (request.privileged)
        words.emplace_back("--privileged");
    if (request.user)
        words.push_back("--user=" + *request.user);
    for (const std::string& variable : request.environment)
        words.push_back("--env=" + variable);
    if (!request.tools.empty())
        words.push_back(fmt::format("--tools={}", tools_number));
    if (request.directory)
        words.push_back("--workdir=" + *request.directory);
    return words;
}

Command entry_command(const Pod& pod, const EnterRequest& request) {
    check_enterable(pod);
    Stage1 stage1 = stage1_of(pod.layout);
    Command command = {.program = stage1.root / stage1.entry_point("enter"),
                       .arguments = words_of(request),
                       .directory = pod.layout.dir,
                       .own_group = true}; // signals reach it through us
    command.arguments.push_back(fmt::format("--pid={}", *pod.leader()));
    return command;
}

void add_words(Command& command, const EnterRequest& request) {
    command.arguments.emplace_back("--");
    command.arguments.insert(command.arguments.end(), request.command.begin(), request.command.end());
}

// What lasts as long as the command.
class Visit {
public:
    int run_with_pipes(Command command) {
        auto [its_input, our_input] = make_pipe();
        auto [our_output, its_output] = make_pipe();
        auto [our_errors, its_errors] = make_pipe();
        command.descriptors.emplace_back(its_input.get(), STDIN_FILENO);
        command.descriptors.emplace_back(its_output.get(), STDOUT_FILENO);
        command.descriptors.emplace_back(its_errors.get(), STDERR_FILENO);
        Child child = Child::spawn(command);
        its_input.reset();
        its_output.reset();
        its_errors.reset();
        relay_.carry_input(std::move(our_input));
        relay_.carry_output(std::move(our_output), STDOUT_FILENO);
        relay_.carry_output(std::move(our_errors), STDERR_FILENO);
        return wait_for(child);
    }

    // stage1 makes the terminal in the pod, and hands us its master.
    int run_with_terminal(Command command) {
        auto [ours, theirs] = make_socket_pair();
        Fd null(::open("/dev/null", O_RDWR | O_CLOEXEC));
        if (!null)
            throw SystemError(errno, "opening /dev/null");
        command.descriptors.emplace_back(null.get(), STDIN_FILENO);
        command.descriptors.emplace_back(null.get(), STDOUT_FILENO);
        command.descriptors.emplace_back(theirs.get(), terminal_number);
        Child child = Child::spawn(command);
        theirs.reset();
        loop_.watch(ours.get(), [this, socket = ours.get()] {
            loop_.forget(socket);
            if (Fd master = receive_fd(socket))
                relay_.carry_terminal(std::move(master));
        });
        return wait_for(child);
    }

private:
    int wait_for(Child& child) {
        loop_.watch(child.pidfd(), [this] { loop_.stop(); });
        loop_.watch(signals_.fd(), [&] { pass_on_signals(child); });
        loop_.run();
        relay_.finish();
        return child.wait();
    }

    void pass_on_signals(const Child& child) {
        while (std::optional<int> signal = signals_.take()) {
            if (*signal == SIGWINCH)
                relay_.resize();
            else
                child.kill(*signal);
        }
    }

    Signals signals_{SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGWINCH};
    Loop loop_ = {};
    Relay relay_{loop_};
};

} // namespace

void check_enterable(const Pod& pod) {
    if (pod.state != PodState::Running || !pod.leader())
        throw Error("entering the pod {}: it is {}, not running", pod.uuid, str(pod.state));
}

int enter_pod(const Pod& pod, const EnterRequest& request) {
    Command command = entry_command(pod, request);
    std::signal(SIGPIPE, SIG_IGN); // who does not read any more is an error of write(2)
    std::optional<DetachedMount> tools;
    if (!request.tools.empty()) {
        tools = mount_tools(pod.layout, request.tools);
        command.descriptors.emplace_back(tools->fd(), tools_number);
    }
    Visit visit;
    if (!request.terminal) {
        add_words(command, request);
        return visit.run_with_pipes(command);
    }
    command.arguments.push_back(fmt::format("--terminal={}", terminal_number));
    if (auto size = window_size(STDIN_FILENO))
        command.arguments.push_back(fmt::format("--size={}x{}", size->ws_row, size->ws_col));
    add_words(command, request);
    return visit.run_with_terminal(command);
}

} // namespace rkt
