// SPDX-License-Identifier: Apache-2.0

#include "os/dir-changes.h"

#include "base/error.h"
#include "base/log.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>

#include <fcntl.h>
#include <sys/inotify.h>
#include <unistd.h>

namespace rkt {

namespace {

bool ask_for_signals(int dir) noexcept {
    constexpr unsigned long changes = DN_MODIFY | DN_CREATE | DN_DELETE | DN_RENAME | DN_MULTISHOT;
    return ::fcntl(dir, F_NOTIFY, changes) == 0;
}

Fd watch(const std::filesystem::path& dir) {
    constexpr std::uint32_t changes = IN_MODIFY | IN_CREATE | IN_DELETE | IN_MOVE;
    Fd inotify(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
    if (!inotify || ::inotify_add_watch(inotify.get(), dir.c_str(), changes) < 0)
        throw SystemError(errno, "watching {}", dir);
    return inotify;
}

} // namespace

DirChanges::DirChanges(const std::filesystem::path& dir, Means means)
    : signals_({SIGIO}), dir_(::open(dir.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
    if (!dir_)
        throw SystemError(errno, "watching {}", dir);
    if (means == Means::Inotify || !ask_for_signals(dir_.get()))
        inotify_ = watch(dir);
}

// None comes any more when the directory is closed, and one that is pending would end the process as soon as
// it is not blocked.
DirChanges::~DirChanges() {
    dir_.reset();
    try {
        take();
    } catch (const std::exception& error) {
        trace("{}", error.what());
    }
}

void DirChanges::take() {
    while (signals_.take()) {
    }
    std::array<char, 4096> events = {};
    while (inotify_ && ::read(inotify_.get(), events.data(), events.size()) > 0) {
    }
}

} // namespace rkt
