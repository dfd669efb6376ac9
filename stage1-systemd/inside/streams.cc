// SPDX-License-Identifier: Apache-2.0

#include "streams.h"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

namespace {

// systemd's own status for a program that could not be started (systemd.exec(5)).
constexpr int exit_exec = 203;

// journald's, until the app has its streams.
int complaints = STDOUT_FILENO;

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

struct Pipe {
    int reader;
    int writer;
};

// Any user of the app may open it again by its name in /proc: the app may change its user later.
Pipe make_pipe() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) < 0 || ::fchmod(ends[1], 0666) < 0)
        stop("making a pipe");
    return {ends[0], ends[1]};
}

// One pipe for output and errors, which keeps their order.
int make_log() {
    Pipe pipe = make_pipe();
    start_carrier(pipe.reader);
    ::close(pipe.reader);
    return pipe.writer;
}

int open_null() {
    int fd = ::open("/dev/null", O_RDWR | O_CLOEXEC);
    if (fd < 0)
        stop("opening /dev/null");
    return fd;
}

// A message of a few bytes and a few descriptors (unix(7)).
struct Letter {
    static constexpr int most = 3;

    char text[32] = {};
    iovec content = {text, sizeof text - 1};
    alignas(cmsghdr) char control[CMSG_SPACE(most * sizeof(int))] = {};
    msghdr header = {};

    Letter() {
        header.msg_iov = &content;
        header.msg_iovlen = 1;
        header.msg_control = control;
        header.msg_controllen = sizeof control;
    }
    Letter(const Letter&) = delete;
    Letter& operator=(const Letter&) = delete;
};

// rkt, as the app's starter sees it.
struct Rkt {
    int socket = -1;
    winsize window = {}; // the size of its own, "ROWSxCOLUMNS"
    int ends[Letter::most] = {};
    unsigned count = 0;

    void hear();
    void add(int fd) { ends[count++] = fd; }
    void tell();
};

void Rkt::hear() {
    Letter letter;
    ssize_t size = 0;
    while ((size = ::recvmsg(STDIN_FILENO, &letter.header, MSG_CMSG_CLOEXEC)) < 0 && errno == EINTR) {
    }
    cmsghdr* control = size > 0 ? CMSG_FIRSTHDR(&letter.header) : nullptr;
    if (control == nullptr || control->cmsg_type != SCM_RIGHTS) {
        errno = size < 0 ? errno : ENOTCONN;
        stop("asking rkt for the app's streams");
    }
    std::memcpy(&socket, CMSG_DATA(control), sizeof socket);
    char* columns = nullptr;
    window.ws_row = static_cast<unsigned short>(std::strtoul(letter.text, &columns, 10));
    window.ws_col = *columns == 'x' ? static_cast<unsigned short>(std::strtoul(columns + 1, nullptr, 10)) : 0;
}

void Rkt::tell() {
    Letter letter;
    letter.content.iov_len = 1;
    letter.header.msg_controllen = CMSG_SPACE(count * sizeof(int));
    cmsghdr* control = CMSG_FIRSTHDR(&letter.header);
    control->cmsg_level = SOL_SOCKET;
    control->cmsg_type = SCM_RIGHTS;
    control->cmsg_len = CMSG_LEN(count * sizeof(int));
    std::memcpy(CMSG_DATA(control), ends, count * sizeof(int));
    while (::sendmsg(socket, &letter.header, MSG_NOSIGNAL) < 0)
        if (errno != EINTR)
            stop("giving rkt the app's streams");
    for (unsigned i = 0; i < count; ++i)
        ::close(ends[i]);
    ::close(socket);
}

// The app's own terminal, of the pod's devpts, which also controls its session.
int make_terminal(Rkt& rkt) {
    int master = ::open("/dev/pts/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC);
    int locked = 0;
    if (master < 0 || ::ioctl(master, TIOCSPTLCK, &locked) < 0)
        stop("making a terminal");
    if (rkt.window.ws_row > 0)
        ::ioctl(master, TIOCSWINSZ, &rkt.window);
    int slave = ::ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
    ::setsid(); // systemd has made this process the leader of its session already
    if (slave < 0 || ::ioctl(slave, TIOCSCTTY, 0) < 0)
        stop("opening the new terminal");
    rkt.add(master);
    return slave;
}

int make_input(Rkt& rkt) {
    Pipe pipe = make_pipe();
    rkt.add(pipe.writer);
    return pipe.reader;
}

int make_output(Rkt& rkt) {
    Pipe pipe = make_pipe();
    rkt.add(pipe.reader);
    return pipe.writer;
}

bool is_one(const Modes& modes, Mode mode) {
    return modes.in == mode || modes.out == mode || modes.err == mode;
}

int choose_output(Mode mode, Rkt& rkt, const int (&shared)[4]) {
    return mode == Mode::Stream ? make_output(rkt) : shared[static_cast<int>(mode)];
}

} // namespace

void stop(const char* doing) {
    ::dprintf(complaints, "%s: %s\n", doing, std::strerror(errno));
    _exit(exit_exec);
}

Modes parse_modes(const char* text) {
    const char* const words[] = {"null", "log", "stream", "tty"};
    Mode modes[3] = {};
    for (Mode& mode : modes) {
        size_t length = std::strcspn(text, ",");
        int found = 3;
        while (found >= 0 &&
               (std::strlen(words[found]) != length || std::memcmp(words[found], text, length) != 0))
            --found;
        if (found < 0) {
            errno = EINVAL;
            stop("reading the modes of the app's streams");
        }
        mode = static_cast<Mode>(found);
        text += length + (text[length] == ',' ? 1 : 0);
    }
    return {modes[0], modes[1], modes[2]};
}

void redirect(const Modes& modes) {
    Rkt rkt;
    if (is_one(modes, Mode::Stream) || is_one(modes, Mode::Tty))
        rkt.hear();
    bool logged = modes.out == Mode::Log || modes.err == Mode::Log;
    int shared[4] = {-1, -1, -1, -1}; // by mode
    if (is_one(modes, Mode::Null))
        shared[static_cast<int>(Mode::Null)] = open_null();
    if (logged)
        shared[static_cast<int>(Mode::Log)] = make_log();
    if (is_one(modes, Mode::Tty))
        shared[static_cast<int>(Mode::Tty)] = make_terminal(rkt);
    int in = modes.in == Mode::Stream ? make_input(rkt) : shared[static_cast<int>(modes.in)];
    int out = choose_output(modes.out, rkt, shared);
    int err = choose_output(modes.err, rkt, shared);
    if (rkt.socket >= 0)
        rkt.tell();
    ::dup2(in, STDIN_FILENO);
    ::dup2(out, STDOUT_FILENO);
    ::dup2(err, STDERR_FILENO); // each of them is above: these three were open
    complaints = modes.err == Mode::Null ? STDOUT_FILENO : STDERR_FILENO;
}
