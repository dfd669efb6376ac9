// SPDX-License-Identifier: Apache-2.0
//
// Starts an app inside its root: launch [--gates=APP,...] [--streams=IN,OUT,ERR] [--filter=FILE]
// [NAME=VALUE]... COUNT WORD... [COUNT WORD...]...
//
// FILE holds a system call filter, which is loaded before each command is executed, as the last thing: what
// it forbids may be what this program needs. NAME=VALUE goes into the environment, for names that systemd
// does not take. Every COUNT words are a command. All but the last (the pre-start handler) are run and waited
// for, the last takes the place of this process, so that it is what systemd watches, stops and reports. It
// waits until the gates of all APPs are open (gates.h).

#include "gates.h"
#include "streams.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

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

// A handler: what there is to read is for the app. The status of a shell: 128 and the number of the signal
// that ended the command.
int run(char** words) {
    pid_t child = ::fork();
    if (child < 0)
        stop(words[0]);
    if (child == 0) {
        int null = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
        if (null < 0 || ::dup2(null, STDIN_FILENO) < 0)
            stop("opening /dev/null");
        execute(words);
    }
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

// Of a flag "--name=VALUE"; null if the word, of which there may be none, is another.
const char* value_of(const char* word, const char* flag) {
    size_t length = std::strlen(flag);
    return word != nullptr && std::strncmp(word, flag, length) == 0 ? word + length : nullptr;
}

} // namespace

int main(int argc, char* argv[]) {
    char** end = argv + argc;
    char** first = argv + 1;
    const char* gates = value_of(*first, "--gates=");
    if (gates != nullptr) {
        keep_gate();
        ++first;
    }
    const char* streams = value_of(*first, "--streams=");
    redirect(streams != nullptr ? parse_modes(streams) : Modes());
    if (streams != nullptr)
        ++first;
    if (const char* file = value_of(*first, "--filter=")) {
        read_filter(file);
        ++first;
    }
    for (char** next = set_environment(first, end); next < end;) {
        char** command = next + 1;
        next = end_of_command(next, end);
        if (next == nullptr)
            break;
        if (next == end) {
            if (gates != nullptr)
                await_gates(gates);
            execute(command);
        }
        char* following = *next;
        *next = nullptr; // a command ends where the next count stands
        int status = run(command);
        *next = following;
        open_gate();
        if (status != 0)
            return status;
    }
    errno = EINVAL;
    stop("reading the commands");
}
