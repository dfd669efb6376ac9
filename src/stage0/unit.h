// SPDX-License-Identifier: Apache-2.0
//
// The unit a pod runs in: what systemd, machinectl and the kernel know the pod's processes by.
//
// Under a service of its own rkt uses that. From a shell it asks systemd for a transient scope.
// Where PID 1 is not systemd it makes a cgroup where it can.

#pragma once

#include "appc/uuid.h"
#include "os/cgroup.h"
#include "wrap/bus.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace rkt {

// What every unit of a pod has, whether asked for by rkt or read by systemd from units/rkt-pod@.service: its
// cgroup is delegated, and only pseudo devices and terminals can be opened in it.
void add_pod_properties(BusCall& call);

// Whether systemd started this very process as a service (systemd.exec(5)) and left its cgroup to us.
bool is_own_service();

class PodUnit {
public:
    // Asks for the unit and goes on; `bus` is empty where PID 1 is not systemd. The stop handler
    // is called, from the bus, when systemd wants the scope to end (`machinectl terminate`).
    static PodUnit request(Bus* bus, const std::string& machine, std::function<void()> stop);

    // A scope that was asked for is waited for: one that never had a living process would stay for good,
    // since nothing is moved into it when we have ended before, and it then never gets empty.
    ~PodUnit();
    PodUnit(PodUnit&&) = default;
    PodUnit& operator=(PodUnit&&) = delete;

    // Waits until it is there, and moves rkt into a leaf of it, so that controllers can be handed down.
    void settle();

    // Where stage1 starts. Nothing where no cgroup could be made.
    const std::optional<Cgroup>& cgroup() const noexcept { return cgroup_; }

    // Where the pod's processes will be, and nothing else: rkt is in another part of the unit.
    std::optional<Cgroup> pod_cgroup() const;

    // Kills what runs in it beside rkt, and waits for its end.
    void kill_pod() const;

    // Removes the cgroup if rkt made it.
    void give_back() const noexcept;

private:
    explicit PodUnit(Bus* bus) : bus_(bus) {}

    Bus* bus_;
    std::optional<Cgroup> cgroup_ = {};
    bool own_ = false; // made by rkt, which is not in it
    // Set from the bus, which keeps a pointer to it.
    struct Job {
        bool done = false;
        std::string path = {};
        std::string failure = {};
    };
    std::unique_ptr<Job> job_ = {};
};

} // namespace rkt
