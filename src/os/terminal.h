// SPDX-License-Identifier: Apache-2.0
//
// Terminals: our own, which may be made to pass on every key, and new ones for others.
//
// Who is given our own terminal can type into it (TIOCSTI) long after we are gone. Who is given a new one,
// whose other end we keep, cannot.

#pragma once

#include "os/fd.h"

#include <filesystem>
#include <optional>
#include <string>

#include <sys/ioctl.h>
#include <sys/types.h>
#include <termios.h>

namespace rkt {

bool is_terminal(int fd) noexcept;

// Nothing if the descriptor is no terminal.
std::optional<winsize> window_size(int fd) noexcept;
void set_window_size(int terminal, const winsize& size) noexcept;

// Every key is passed on as it is typed and shown by the other end, until the object's end. The descriptor
// stays its owner's.
class [[nodiscard]] RawTerminal {
public:
    explicit RawTerminal(int fd);
    RawTerminal(const RawTerminal&) = delete;
    RawTerminal& operator=(const RawTerminal&) = delete;
    ~RawTerminal();

private:
    int fd_;
    termios before_ = {};
};

struct TerminalPair {
    Fd master; // ours: what is typed is written here, what is to be seen is read
    Fd slave;  // theirs
};

// A new terminal of the devpts(5) mounted at dev/pts of the directory, owned by the user. Nobody's
// controlling terminal so far.
TerminalPair open_terminal(const std::filesystem::path& root, uid_t owner);

} // namespace rkt
