// SPDX-License-Identifier: Apache-2.0
//
// The way into a running pod for who changes what is in it.
//
// RKT_STAGE1_ENTERPID is the pod's first process. Its systemd takes orders from its own root alone, so the
// pod's systemctl gives them. The pod's root can put anything in its place: it may do what the first process
// may, and is where that is.

#pragma once

#include "stage1-systemd/outside/confinement.h"

#include <string>
#include <vector>

#include <sys/types.h>

namespace rkt {

class PodEntrance {
public:
    // As the environment says. Throws UsageError, or Error if the pod does not run.
    static PodEntrance find();

    pid_t leader() const noexcept { return leader_; }

    // From here on paths are the pod's, and our children are its processes. We keep our powers and our user.
    void join() const;

    // After join(): runs the pod's systemctl as the pod's root, for so many seconds at most (0: without end),
    // and gives its status.
    int systemctl(const std::vector<std::string>& words, unsigned seconds = 0) const;

private:
    PodEntrance(pid_t leader, Confinement confinement) noexcept
        : leader_(leader), confinement_(std::move(confinement)) {}

    pid_t leader_;
    Confinement confinement_; // of the leader
};

} // namespace rkt
