// SPDX-License-Identifier: Apache-2.0

#include "stage0/end.h"

#include "base/error.h"
#include "base/log.h"
#include "os/process.h"
#include "stage0/stage1.h"

#include <csignal>

#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace rkt {

namespace {

void call_stop(const Pod& pod, bool force) {
    Stage1 stage1 = stage1_of(pod.layout);
    Command command = {.program = stage1.rootfs() / stage1.entry_point("stop"), .directory = pod.layout.dir};
    if (force)
        command.arguments.emplace_back("--force");
    command.arguments.push_back(pod.uuid.str());
    if (int status = Child::spawn(command).wait(); status != 0)
        throw Error("stopping the pod {}: its stage1 ended with status {}", pod.uuid, status);
}

// The leader, if it is alive and, by its cgroup, still the pod's: numbers of processes are used again.
Fd leader_of(const Pod& pod) {
    std::optional<pid_t> leader = pod.leader();
    if (!leader)
        return {};
    Fd fd = open_pidfd(*leader);
    std::optional<Cgroup> cgroup = pod.cgroup();
    if (fd && cgroup && !cgroup->contains(*leader))
        return {};
    return fd;
}

bool ends_within(const Fd& process, std::chrono::milliseconds patience) {
    pollfd polled = {.fd = process.get(), .events = POLLIN, .revents = 0};
    return ::poll(&polled, 1, static_cast<int>(patience.count())) > 0;
}

// Asks again each second, which changes nothing where it was heard: a pod's systemd that is not up yet hears
// nothing.
bool ends_in_order(const Pod& pod, const Fd& leader, std::chrono::seconds patience) {
    for (std::chrono::seconds waited(0); waited < patience; ++waited) {
        try {
            call_stop(pod, false);
        } catch (const Error&) {
            if (!ends_within(leader, std::chrono::seconds(1)))
                throw; // else it ended while it was asked
        }
        if (ends_within(leader, std::chrono::seconds(1)))
            return true;
    }
    return false;
}

} // namespace

void kill_remains(const Pod& pod) {
    if (std::optional<Cgroup> cgroup = pod.cgroup())
        cgroup->kill_all();
}

void stop_pod(const Pods& pods, const Pod& pod, bool force, std::chrono::seconds patience) {
    Fd leader = leader_of(pod);
    if (force || !leader)
        call_stop(pod, force);
    else if (!ends_in_order(pod, leader, patience)) {
        warn("stopping the pod {}: it has not ended in {} seconds, and is killed", pod.uuid,
             patience.count());
        call_stop(pod, true);
    }
    pods.wait_until_free(pod);
    kill_remains(pod);
}

} // namespace rkt
