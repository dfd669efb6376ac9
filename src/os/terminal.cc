// SPDX-License-Identifier: Apache-2.0

#include "os/terminal.h"

#include "base/error.h"
#include "os/dir.h"

#include <cerrno>

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

namespace rkt {

namespace {

// What stands there may be another's doing: only the kernel's own will do.
bool is_of_devpts(int fd) noexcept {
    struct statfs status = {};
    return ::fstatfs(fd, &status) == 0 && status.f_type == DEVPTS_SUPER_MAGIC;
}

} // namespace

bool is_terminal(int fd) noexcept {
    return ::isatty(fd) == 1;
}

std::optional<winsize> window_size(int fd) noexcept {
    winsize size = {};
    if (::ioctl(fd, TIOCGWINSZ, &size) < 0)
        return std::nullopt;
    return size;
}

void set_window_size(int terminal, const winsize& size) noexcept {
    ::ioctl(terminal, TIOCSWINSZ, &size);
}

RawTerminal::RawTerminal(int fd) : fd_(fd) {
    if (::tcgetattr(fd_, &before_) < 0)
        throw SystemError(errno, "reading the settings of the terminal");
    termios raw = before_;
    ::cfmakeraw(&raw);
    if (::tcsetattr(fd_, TCSANOW, &raw) < 0)
        throw SystemError(errno, "changing the settings of the terminal");
}

RawTerminal::~RawTerminal() {
    ::tcsetattr(fd_, TCSANOW, &before_);
}

TerminalPair open_terminal(const std::filesystem::path& root, uid_t owner) {
    std::optional<Fd> master = Dir::open(root).open_beneath("dev/pts/ptmx", O_RDWR | O_NOCTTY);
    if (!master || !is_of_devpts(master->get()))
        throw Error("making a terminal: no devpts is mounted at /dev/pts");
    int locked = 0;
    if (::ioctl(master->get(), TIOCSPTLCK, &locked) < 0)
        throw SystemError(errno, "making a terminal");
    Fd slave(::ioctl(master->get(), TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC));
    if (!slave)
        throw SystemError(errno, "opening a new terminal");
    if (::fchown(slave.get(), owner, static_cast<gid_t>(-1)) < 0)
        throw SystemError(errno, "giving a new terminal to the user {}", owner);
    return {std::move(*master), std::move(slave)};
}

} // namespace rkt
