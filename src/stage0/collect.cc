// SPDX-License-Identifier: Apache-2.0

#include "stage0/collect.h"

#include "base/error.h"
#include "base/log.h"
#include "base/moment.h"
#include "os/dir.h"
#include "os/process.h"
#include "stage0/end.h"
#include "stage0/metadata.h"
#include "stage0/network.h"
#include "stage0/pod-names.h"
#include "stage0/stage1.h"
#include "store/hold.h"

#include <algorithm>

#include <sys/stat.h>
#include <unistd.h>

namespace rkt {

namespace {

// Since the pod's directory was last renamed (its ctime), as rkt has always counted; nothing if somebody has
// set the clock. (time(2) is a tick late, and then what was just renamed is of the second to come.)
std::chrono::nanoseconds age(const PodLayout& layout) {
    using namespace std::chrono_literals;
    struct stat status = {};
    if (::stat(layout.dir.c_str(), &status) < 0)
        return 0s;
    return std::max<std::chrono::nanoseconds>(std::chrono::system_clock::now() - moment_of(status.st_ctim),
                                              0s);
}

// What stage1 made outside the pod's directory. A stage1 that is gone, or fails, must not keep a pod for
// ever.
void call_gc(const PodLock& pod) {
    try {
        if (int status = call_entry(view_of(pod, PodState::Exited), "gc", {pod.uuid().str()}, true);
            status != 0)
            warn("collecting the pod {}: its stage1 ended with status {}", pod.uuid(), status);
    } catch (const Error& error) {
        trace("collecting the pod {}: {}", pod.uuid(), error.what());
    }
}

void unlink_journal(const PodLock& pod) {
    std::filesystem::path link = std::filesystem::path("/var/log/journal") / pod.uuid().machine_id();
    std::error_code none;
    if (std::filesystem::is_symlink(link, none))
        std::filesystem::remove(link, none);
}

// The pin goes last: as long as anything of the pod is there, its images are kept.
void sweep(const Pods& pods, Store& store, PodLock pod) {
    call_gc(pod);
    give_back_networks(pod.layout());
    withdraw_metadata(pod.layout());
    unlink_journal(pod);
    pods.release_name(pod);
    Dir::open(pod.layout().dir.parent_path()).remove_tree(pod.uuid().str());
    store.unpin(pod.uuid());
}

// Takes a pod that has exited or was never finished out of the living's places. Nothing if someone was
// faster.
std::optional<PodLock> mark(const Pods& pods, const Pod& pod) {
    std::optional<PodLock> lock = pods.try_lock(pod);
    if (!lock)
        return std::nullopt;
    if (pod.place == PodPlace::Run) {
        kill_remains(pod);
        give_back_networks(pod.layout);
        withdraw_metadata(pod.layout);
        unlink_journal(*lock);
        pods.move(*lock, PodPlace::ExitedGarbage);
    } else if (pod.place != PodPlace::ExitedGarbage && pod.place != PodPlace::Garbage) {
        pods.move(*lock, PodPlace::Garbage);
    }
    return lock;
}

bool is_due_to_mark(const Pod& pod, const CollectOptions& options) {
    switch (pod.place) {
    case PodPlace::Run: // if it is running, somebody holds its lock
    case PodPlace::Prepare:
        return true;
    case PodPlace::Embryo: // who makes one has its lock soon
        return age(pod.layout) >= options.grace_period + std::chrono::seconds(1);
    case PodPlace::Prepared:
        return !options.mark_only && age(pod.layout) >= options.expire_prepared;
    default:
        return false;
    }
}

bool is_due_to_sweep(const Pod& pod, const CollectOptions& options) {
    return pod.place == PodPlace::Garbage ||
           (pod.place == PodPlace::ExitedGarbage && age(pod.layout) >= options.grace_period);
}

// Gives whether the pod was removed.
bool collect_pod(const Pods& pods, Store& store, const CollectOptions& options, const Uuid& uuid) {
    std::optional<Pod> pod = pods.find(uuid);
    if (pod && is_due_to_mark(*pod, options) && mark(pods, *pod))
        pod = pods.find(uuid);
    if (!pod || options.mark_only || !is_due_to_sweep(*pod, options))
        return false;
    std::optional<PodLock> lock = pods.try_lock(*pod);
    if (!lock)
        return false;
    sweep(pods, store, std::move(*lock));
    return true;
}

} // namespace

void remove_pod(const Pods& pods, Store& store, const Pod& pod) {
    std::optional<PodLock> lock = mark(pods, pod);
    if (!lock)
        throw Error("removing the pod {}: it is {}; rkt stop ends a running pod", pod.uuid, str(pod.state));
    sweep(pods, store, std::move(*lock));
}

void discard_pod(const Pods& pods, Store& store, PodLock pod) noexcept {
    try {
        pods.move(pod, PodPlace::Garbage);
        sweep(pods, store, std::move(pod));
    } catch (const std::exception& error) {
        trace("removing a pod that did not come to be: {}", error.what());
    }
}

bool collect_pods(const Pods& pods, Store& store, const CollectOptions& options,
                  const std::function<void(const Uuid&)>& removed) {
    bool clean = true;
    pods.make_places();
    for (const Pod& pod : pods.list()) {
        try {
            if (collect_pod(pods, store, options, pod.uuid))
                removed(pod.uuid);
        } catch (const Error& error) {
            warn("collecting the pod {}: {}", pod.uuid, error.what());
            clean = false;
        }
    }
    refresh_hosts(pods);
    drop_abandoned_pins(store, [&pods](const Uuid& uuid) { return pods.find(uuid).has_value(); });
    return clean;
}

} // namespace rkt
