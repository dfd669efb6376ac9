// SPDX-License-Identifier: Apache-2.0

#include "os/signals.h"

#include "base/error.h"

#include <cerrno>
#include <cstring>

#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

namespace rkt {

Signals::Signals(std::initializer_list<int> signals) {
    sigset_t set;
    sigemptyset(&set);
    for (int signal : signals)
        sigaddset(&set, signal);
    sigset_t before;
    if (::sigprocmask(SIG_BLOCK, &set, &before) < 0)
        throw SystemError(errno, "blocking signals");
    static_assert(sizeof before_ <= sizeof before);
    std::memcpy(&before_, &before, sizeof before_);
    fd_ = Fd(::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
    if (!fd_)
        throw SystemError(errno, "making a descriptor for signals");
}

Signals::~Signals() {
    sigset_t before;
    sigemptyset(&before);
    std::memcpy(&before, &before_, sizeof before_);
    ::sigprocmask(SIG_SETMASK, &before, nullptr);
}

std::optional<int> Signals::take() {
    signalfd_siginfo info = {};
    if (::read(fd_.get(), &info, sizeof info) == sizeof info)
        return static_cast<int>(info.ssi_signo);
    if (errno == EAGAIN || errno == EINTR)
        return std::nullopt;
    throw SystemError(errno, "reading a signal");
}

} // namespace rkt
