// SPDX-License-Identifier: Apache-2.0
//
// The way into a running pod for who changes what is in it.
//
// RKT_STAGE1_ENTERPID is the pod's first process. Its systemd takes orders from its own root alone, so the
// pod's systemctl gives them.

#pragma once

#include "os/fd.h"

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
    PodEntrance(pid_t leader, Fd process) noexcept : leader_(leader), process_(std::move(process)) {}

    pid_t leader_;
    Fd process_;
    bool has_users_ = false; // of its own
};

} // namespace rkt
