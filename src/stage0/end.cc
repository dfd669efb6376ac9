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
    std::vector<std::string> arguments = {pod.uuid.str()};
    if (force)
        arguments.insert(arguments.begin(), "--force");
    if (int status = call_entry(pod, "stop", arguments, false); status != 0)
        throw Error("stopping the pod {}: its stage1 ended with status {}", pod.uuid, status);
}

// Whether somebody has the pod, and it is where it was: one that never came to be is taken away.
bool is_held(const Pods& pods, const Pod& pod) {
    std::optional<Pod> now = pods.find(pod.uuid);
    return now && now->place == pod.place && !pods.try_hold(*now);
}

// The process whose end is the pod's: its leader, or nspawn while there is no leader yet. Empty before both.
Fd last_process_of(const Pod& pod) {
    for (std::optional<pid_t> pid : {pod.leader(), pod.watcher()})
        if (pid)
            if (Fd fd = open_pidfd(*pid))
                return fd;
    return {};
}

// Without a process it is a moment, in which rkt has the time to start one.
bool ends_within(const Fd& process, std::chrono::milliseconds patience) {
    constexpr int moment = 50;
    pollfd polled = {.fd = process.get(), .events = POLLIN, .revents = 0};
    return ::poll(&polled, 1, process ? static_cast<int>(patience.count()) : moment) > 0;
}

// Gives whether the pod has ended. Asks again each second, which changes nothing where it was heard: a pod
// whose systemd is not up yet hears nothing, and one whose stage1 has not been started cannot be asked.
bool ends_when_asked(const Pods& pods, const Pod& pod, bool force, std::chrono::seconds patience) {
    auto end = std::chrono::steady_clock::now() + patience;
    while (std::chrono::steady_clock::now() < end) {
        if (!is_held(pods, pod))
            return true;
        Fd process = last_process_of(pod);
        try {
            if (process)
                call_stop(pod, force);
        } catch (const Error& error) {
            trace("{}", error.what());
        }
        if (ends_within(process, std::chrono::seconds(1)))
            return true;
    }
    return false;
}

// What rkt does when its pod has ended, giving networks back say, takes no longer.
constexpr std::chrono::seconds patience_with_rkt(30);

} // namespace

void kill_remains(const Pod& pod) {
    if (std::optional<Cgroup> cgroup = pod.cgroup())
        cgroup->kill_all();
}

void stop_pod(const Pods& pods, const Pod& pod, bool force, std::chrono::seconds patience) {
    bool has_ended = !force && ends_when_asked(pods, pod, false, patience);
    if (!has_ended && !force)
        warn("stopping the pod {}: it has not ended in {} seconds, and is killed", pod.uuid,
             patience.count());
    if (!has_ended && !ends_when_asked(pods, pod, true, patience_with_rkt))
        throw Error("stopping the pod {}: it has been killed, and goes on", pod.uuid);
    if (!pods.wait_until_free(pod, patience_with_rkt))
        throw Error(
            "stopping the pod {}: nothing of it is alive, but the rkt that ran it waits until somebody "
            "reads what its apps have written",
            pod.uuid);
    kill_remains(pod);
}

} // namespace rkt
