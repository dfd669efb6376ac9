// SPDX-License-Identifier: Apache-2.0
//
// An advisory lock on a directory or a file.
//
// rkt has no daemon: all that two rkt processes know of each other is which of them holds
// which lock. The kernel drops a lock when its last descriptor is closed, so a lock lives
// exactly as long as the process tree that inherited it.

#pragma once

#include "os/fd.h"

#include <filesystem>
#include <optional>
#include <utility>

namespace rkt {

enum class LockMode { Shared, Exclusive };

class [[nodiscard]] Lock {
public:
    // Waits until the lock is free.
    static Lock take(const std::filesystem::path& dir, LockMode mode);

    // Nothing if someone else holds it.
    static std::optional<Lock> try_take(const std::filesystem::path& dir, LockMode mode);

    // Waits until a file's lock is free, and has it exclusively. The file is made if there is none, and is
    // its owner's alone: who may open a file or a directory may keep it locked, to read it is enough.
    static Lock take_file(const std::filesystem::path& file);

    // The same for what is open already: what is locked stays locked when it is renamed.
    static Lock take(Fd dir, LockMode mode);
    static std::optional<Lock> try_take(Fd dir, LockMode mode);

    // For handing the lock down to a child; the Lock still owns it.
    int fd() const noexcept { return fd_.get(); }

private:
    explicit Lock(Fd fd) noexcept : fd_(std::move(fd)) {}

    Fd fd_;
};

} // namespace rkt
