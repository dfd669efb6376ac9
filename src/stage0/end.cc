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

// Asks again each second, which changes nothing where it was heard: a pod whose systemd is not up yet hears
// nothing, and one whose stage1 has not been started cannot be asked.
bool ends_in_order(const Pod& pod, std::chrono::seconds patience) {
    auto end = std::chrono::steady_clock::now() + patience;
    while (std::chrono::steady_clock::now() < end) {
        Fd process = last_process_of(pod);
        try {
            call_stop(pod, false);
        } catch (const Error& error) {
            trace("{}", error.what());
        }
        if (ends_within(process, std::chrono::seconds(1)))
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
    if (force || !ends_in_order(pod, patience)) {
        if (!force)
            warn("stopping the pod {}: it has not ended in {} seconds, and is killed", pod.uuid,
                 patience.count());
        call_stop(pod, true);
    }
    pods.wait_until_free(pod);
    kill_remains(pod);
}

} // namespace rkt
