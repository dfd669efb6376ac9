// SPDX-License-Identifier: Apache-2.0
//
// Starts an app inside its root: launch [--filter=FILE] [NAME=VALUE]... COUNT WORD... [COUNT WORD...]...
//
// FILE holds a system call filter, which is loaded before each command is executed, as the last thing: what
// it forbids may be what this program needs. NAME=VALUE goes into the environment, for names that systemd
// does not take. Every COUNT words are a command. All but the last (the pre-start handler) are run and waited
// for, the last takes the place of this process, so that it is what systemd watches, stops and reports.
//
// What systemd gives an app as standard output is a socket of journald's, and a socket cannot be opened by
// way of /dev/stdout or /proc/self/fd/1. The app gets a pipe instead, one for output and errors, which keeps
// their order. A small process in the app's cgroup, though not its child, carries the bytes on, so that
// journald counts them as the app's. It ends when the last writer has: systemd ends what the app left behind,
// then the app's lines are complete.

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

// systemd's own status for a program that could not be started (systemd.exec(5)).
constexpr int exit_exec = 203;

[[noreturn]] void stop(const char* doing) {
    std::printf("%s: %s\n", doing, std::strerror(errno));
    std::fflush(stdout);
    _exit(exit_exec);
}

// False once nobody reads any more.
bool pass_on(const char* bytes, ssize_t size) {
    while (size > 0) {
        ssize_t written = ::write(STDOUT_FILENO, bytes, static_cast<size_t>(size));
        if (written < 0 && errno != EINTR)
            return false;
        if (written > 0) {
            bytes += written;
            size -= written;
        }
    }
    return true;
}

// Goes on reading when journald is gone: the app must not block or be killed for it.
[[noreturn]] void carry_output() {
    static char buffer[32768];
    for (bool heard = true;;) {
        ssize_t size = ::read(STDIN_FILENO, buffer, sizeof buffer);
        if (size == 0)
            _exit(EXIT_SUCCESS);
        if (size < 0 && errno != EINTR)
            _exit(EXIT_FAILURE);
        heard = heard && pass_on(buffer, size);
    }
}

// The signals that stop an app reach its whole cgroup, and kill(0, ...) its session: the carrier hears
// neither.
[[noreturn]] void become_carrier(int source) {
    ::setsid();
    for (int number = 1; number < NSIG; ++number)
        std::signal(number, SIG_IGN);
    ::prctl(PR_SET_NAME, "output");
    ::dup2(source, STDIN_FILENO);
    ::close_range(STDERR_FILENO, ~0U, 0);
    carry_output();
}

// Forks twice, so that the app does not find a child it has not made.
void start_carrier(int source) {
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    ::sigprocmask(SIG_SETMASK, &all, &before);
    pid_t child = ::fork();
    if (child < 0)
        stop("starting the carrier of the output");
    if (child == 0) {
        if (::fork() == 0)
            become_carrier(source);
        _exit(EXIT_SUCCESS);
    }
    ::waitpid(child, nullptr, 0);
    ::sigprocmask(SIG_SETMASK, &before, nullptr);
}

// Any user of the app may open the pipe again by its name in /proc: the app may change its user later.
void redirect_output() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) < 0 || ::fchmod(ends[1], 0666) < 0)
        stop("making a pipe for the output");
    start_carrier(ends[0]);
    ::dup2(ends[1], STDOUT_FILENO);
    ::dup2(ends[1], STDERR_FILENO);
    ::close(ends[0]);
    ::close(ends[1]);
}

// The program of the app's own filter, as the kernel takes it (seccomp(2)); of no length if it has none.
sock_filter instructions[BPF_MAXINSNS];
sock_fprog filter = {0, instructions};

void read_filter(const char* file) {
    int fd = ::open(file, O_RDONLY | O_CLOEXEC);
    ssize_t size = fd < 0 ? -1 : ::read(fd, instructions, sizeof instructions);
    if (size <= 0 || static_cast<size_t>(size) % sizeof(sock_filter) != 0)
        stop("reading the app's system call filter");
    ::close(fd);
    filter.len = static_cast<unsigned short>(static_cast<size_t>(size) / sizeof(sock_filter));
}

// A name without a slash is looked for along PATH, as ACI-11 asks.
[[noreturn]] void execute(char** words) {
    if (filter.len > 0 && ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) < 0)
        stop("loading the app's system call filter");
    ::execvp(words[0], words);
    stop(words[0]);
}

// The status of a shell: 128 and the number of the signal that ended the command.
int run(char** words) {
    pid_t child = ::fork();
    if (child < 0)
        stop(words[0]);
    if (child == 0)
        execute(words);
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

// The end of the command that begins at *count, null if there are not as many words as it says.
char** end_of_command(char** count, char** end) {
    long words = std::strtol(*count, nullptr, 10);
    return words > 0 && words < end - count ? count + 1 + words : nullptr;
}

// The first word that is no NAME=VALUE; a count has no equals sign.
char** set_environment(char** next, char** end) {
    while (next < end && std::strchr(*next, '=') != nullptr)
        ::putenv(*next++);
    return next;
}

} // namespace

int main(int argc, char* argv[]) {
    redirect_output();
    char** end = argv + argc;
    char** first = argv + 1;
    constexpr const char* flag = "--filter=";
    if (argc > 1 && std::strncmp(*first, flag, std::strlen(flag)) == 0)
        read_filter(*first++ + std::strlen(flag));
    for (char** next = set_environment(first, end); next < end;) {
        char** command = next + 1;
        next = end_of_command(next, end);
        if (next == nullptr)
            break;
        if (next == end)
            execute(command);
        char* following = *next;
        *next = nullptr; // a command ends where the next count stands
        int status = run(command);
        *next = following;
        if (status != 0)
            return status;
    }
    errno = EINVAL;
    stop("reading the commands");
}
