// SPDX-License-Identifier: Apache-2.0

#include "os/process.h"

#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "os/file.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace rkt {

namespace {

std::vector<char*> pointers(const std::vector<std::string>& words) {
    std::vector<char*> result;
    result.reserve(words.size() + 1);
    for (const std::string& word : words)
        result.push_back(const_cast<char*>(word.c_str())); // execve(2) does not write there
    result.push_back(nullptr);
    return result;
}

// All that the child needs, made before it is.
struct Prepared {
    std::vector<char*> arguments;
    std::vector<char*> environment;
};

// Copies the descriptors above everything that is named as a target, then down to the targets.
bool place_descriptors(const Command& command) noexcept {
    constexpr int above = 200;
    if (command.closes_others && ::close_range(STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC) != 0)
        return false;
    int next = above;
    for (const auto& [ours, its] : command.descriptors)
        if (::dup3(ours, next++, O_CLOEXEC) < 0)
            return false;
    next = above;
    for (const auto& [ours, its] : command.descriptors)
        if (::dup2(next++, its) < 0)
            return false;
    return true;
}

// What went wrong in the child.
struct Report {
    int code = 0;
    std::array<char, 60> doing = {}; // empty: the execution itself
};

const char* call_become(const Command& command) {
    return command.become ? command.become() : nullptr;
}

[[noreturn]] void become(const Command& command, const Prepared& prepared, int report) noexcept {
    sigset_t none;
    sigemptyset(&none);
    const char* doing = nullptr;
    if ((!command.own_group || ::setpgid(0, 0) == 0) &&
        (!command.directory || ::chdir(command.directory->c_str()) == 0) && place_descriptors(command) &&
        ::sigprocmask(SIG_SETMASK, &none, nullptr) == 0 && (doing = call_become(command)) == nullptr)
        ::execvpe(command.program.c_str(), prepared.arguments.data(), prepared.environment.data());
    Report fault = {.code = errno};
    if (doing != nullptr)
        ::strncpy(fault.doing.data(), doing, fault.doing.size() - 1);
    [[maybe_unused]] ssize_t written = ::write(report, &fault, sizeof fault);
    ::_exit(127);
}

pid_t clone_child(int cgroup, int& pidfd) noexcept {
    clone_args args = {};
    args.flags = CLONE_PIDFD;
    args.exit_signal = SIGCHLD;
    args.pidfd = reinterpret_cast<std::uintptr_t>(&pidfd);
    if (cgroup >= 0) {
        args.flags |= CLONE_INTO_CGROUP;
        args.cgroup = static_cast<std::uint64_t>(cgroup);
    }
    return static_cast<pid_t>(::syscall(SYS_clone3, &args, sizeof args));
}

std::string read_to_end(int fd) {
    std::string text;
    std::array<char, 4096> buffer = {};
    for (;;) {
        ssize_t n = ::read(fd, buffer.data(), buffer.size());
        if (n > 0)
            text.append(buffer.data(), static_cast<std::size_t>(n));
        else if (n == 0)
            return text;
        else if (errno != EINTR)
            throw SystemError(errno, "reading from a pipe");
    }
}

// By its line "PID (NAME) STATE PARENT …" (proc_pid_stat(5)); it may be gone by now.
bool is_child_of_ours(const std::filesystem::path& process) {
    std::string line = read_file_if_any(process / "stat").value_or("");
    auto close = line.rfind(") ");
    if (close == std::string::npos || close + 4 > line.size())
        return false;
    std::string_view behind = std::string_view(line).substr(close + 4); // the state is one letter
    return behind.substr(0, behind.find(' ')) == std::to_string(::getpid());
}

bool has_argument(const std::filesystem::path& process, std::string_view end) {
    std::string words = read_file_if_any(process / "cmdline").value_or("");
    return std::ranges::any_of(split(words, '\0'),
                               [&](std::string_view word) { return word.ends_with(end); });
}

std::vector<std::string> own_environment() {
    std::vector<std::string> words;
    for (char** word = environ; *word != nullptr; ++word)
        words.emplace_back(*word);
    return words;
}

} // namespace

int shell_status(int wait_status) noexcept {
    return WIFSIGNALED(wait_status) ? 128 + WTERMSIG(wait_status) : WEXITSTATUS(wait_status);
}

Child Child::spawn(const Command& command) {
    std::vector<std::string> words = {command.program.native()};
    words.insert(words.end(), command.arguments.begin(), command.arguments.end());
    std::vector<std::string> environment = command.environment ? *command.environment : own_environment();
    Prepared prepared = {pointers(words), pointers(environment)};
    auto [read_end, write_end] = make_pipe();

    int pidfd = -1;
    pid_t pid = clone_child(command.cgroup, pidfd);
    if (pid == 0)
        become(command, prepared, write_end.get());
    if (pid < 0)
        throw SystemError(errno, "starting {}", command.program);
    Child child(pid, Fd(pidfd));
    write_end.reset();
    std::string report = read_to_end(read_end.get());
    if (report.size() == sizeof(Report)) {
        child.wait();
        Report fault;
        std::memcpy(&fault, report.data(), sizeof fault);
        if (fault.doing.front() != '\0')
            throw SystemError(fault.code, "{}", fault.doing.data());
        throw SystemError(fault.code, "executing {}", command.program);
    }
    return child;
}

Child Child::fork(const std::function<void()>& act) {
    int pidfd = -1;
    pid_t pid = clone_child(-1, pidfd);
    if (pid < 0)
        throw SystemError(errno, "starting a process");
    if (pid == 0) {
        act();
        ::_exit(0);
    }
    return {pid, Fd(pidfd)};
}

void Child::kill(int signal) const noexcept {
    ::syscall(SYS_pidfd_send_signal, pidfd_.get(), signal, nullptr, 0);
}

int Child::wait() {
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0)
        if (errno != EINTR)
            throw SystemError(errno, "waiting for process {}", pid_);
    return shell_status(status);
}

std::string output_of(Command command) {
    auto [read_end, write_end] = make_pipe();
    command.descriptors.emplace_back(write_end.get(), STDOUT_FILENO);
    Child child = Child::spawn(command);
    write_end.reset();
    std::string text = read_to_end(read_end.get());
    if (int status = child.wait(); status != 0)
        throw Error("{} ended with status {}", command.program.filename(), status);
    return text;
}

int wait_in_fork(const std::function<void()>& act) {
    return Child::fork(act).wait();
}

Fd open_pidfd(pid_t pid) {
    Fd fd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
    if (!fd && errno != ESRCH && errno != EINVAL)
        throw SystemError(errno, "opening process {}", pid);
    return fd;
}

void become_subreaper() {
    if (::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) < 0)
        throw SystemError(errno, "becoming the reaper of orphans");
}

void reap_orphans() noexcept {
    while (::waitpid(-1, nullptr, WNOHANG) > 0) {
    }
}

void wait_for_orphans(std::string_view argument) noexcept {
    try {
        for (const auto& entry : std::filesystem::directory_iterator("/proc"))
            if (auto pid = parse_number(entry.path().filename().native());
                pid && is_child_of_ours(entry.path()) && has_argument(entry.path(), argument))
                ::waitpid(static_cast<pid_t>(*pid), nullptr, 0);
    } catch (const std::exception& error) {
        trace("waiting for {}: {}", argument, error.what());
    }
}

std::pair<Fd, Fd> make_pipe() {
    std::array<int, 2> ends = {};
    if (::pipe2(ends.data(), O_CLOEXEC) < 0)
        throw SystemError(errno, "making a pipe");
    return {Fd(ends[0]), Fd(ends[1])};
}

std::filesystem::path program_directory() {
    return std::filesystem::read_symlink("/proc/self/exe").parent_path();
}

} // namespace rkt
