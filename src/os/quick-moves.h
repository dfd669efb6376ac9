// SPDX-License-Identifier: Apache-2.0
//
// Makes the moves of processes between cgroups quick for a while.
//
// Whoever writes to a cgroup.procs waits for a grace period of the kernel's RCU, 7 to 16 ms, unless somebody
// has waited for one a moment ago (the kernel's percpu_rw_semaphore, and rcu_sync below it). The start of a
// pod is some ten such moves one after another: systemd's, nspawn's, and those of the systemd in the pod. A
// child of ours that moves itself to where it is already, every few milliseconds, pays that price beside
// them.

#pragma once

#include "os/process.h"

#include <chrono>
#include <optional>

namespace rkt {

class QuickMoves {
public:
    // Until the object is destroyed, and for so long at most. Where no unified hierarchy is mounted, or its
    // files must not be written, nothing happens.
    explicit QuickMoves(std::chrono::milliseconds at_most);
    ~QuickMoves();
    QuickMoves(const QuickMoves&) = delete;
    QuickMoves& operator=(const QuickMoves&) = delete;

    // Readable when it is over; -1 if nothing happens.
    int pidfd() const noexcept { return mover_ ? mover_->pidfd() : -1; }

private:
    std::optional<Child> mover_ = {};
    Fd alive_ = {}; // which the child sees closed
};

} // namespace rkt
