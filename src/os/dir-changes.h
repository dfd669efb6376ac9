// SPDX-License-Identifier: Apache-2.0
//
// Hears that something in a directory has changed.
//
// Root has 128 inotify instances for all that runs on a host where nobody has raised the limit (inotify(7),
// max_user_instances), and who closes one that has watches waits for a grace period of the kernel. Many
// processes of ours each watch one directory for as long as a pod lives: they ask for SIGIO instead
// (fcntl(2), F_NOTIFY), which has neither limit nor wait, and take inotify only where the kernel does not
// know that.

#pragma once

#include "os/fd.h"
#include "os/signals.h"

#include <filesystem>

namespace rkt {

class [[nodiscard]] DirChanges {
public:
    enum class Means { Any, Inotify };

    // From now on. A process has one at a time, and blocks SIGIO meanwhile. Throws SystemError.
    explicit DirChanges(const std::filesystem::path& dir, Means means = Means::Any);
    DirChanges(const DirChanges&) = delete;
    DirChanges& operator=(const DirChanges&) = delete;
    ~DirChanges();

    // Readable when a file in the directory has been made, written, renamed or removed since the last take().
    int fd() const noexcept { return inotify_ ? inotify_.get() : signals_.fd(); }

    void take();

private:
    Signals signals_;
    Fd dir_;
    Fd inotify_ = {};
};

} // namespace rkt
