// SPDX-License-Identifier: Apache-2.0
//
// All pods of a data directory, and the one right to change a pod: its lock.
//
// A pod is moved from one state to the next by renaming its directory under its lock. The lock is
// inherited by stage1, so it lives as long as anything that runs the pod.

#pragma once

#include "os/lock.h"
#include "pod/pod.h"

#include <chrono>
#include <filesystem>
#include <string_view>

namespace rkt {

// Whoever changes a pod takes one of these, so forgetting to lock does not compile.
class [[nodiscard]] PodLock {
public:
    const Uuid& uuid() const noexcept { return uuid_; }
    const PodLayout& layout() const noexcept { return layout_; }
    PodPlace place() const noexcept { return place_; }

    // For handing the lock down to stage1; the PodLock still owns it.
    int fd() const noexcept { return lock_.fd(); }

private:
    friend class Pods;
    PodLock(Uuid uuid, PodLayout layout, PodPlace place, Lock lock)
        : uuid_(uuid), layout_(std::move(layout)), place_(place), lock_(std::move(lock)) {}

    Uuid uuid_;
    PodLayout layout_;
    PodPlace place_;
    Lock lock_;
};

// The pod as whoever holds its lock sees it.
inline Pod view_of(const PodLock& pod, PodState state = PodState::Running) {
    return {.uuid = pod.uuid(), .place = pod.place(), .state = state, .layout = pod.layout()};
}

class Pods {
public:
    // Nothing is made yet: who only reads needs no right to write.
    explicit Pods(const std::filesystem::path& data_dir) : root_(data_dir / "pods") {}

    // Makes the directories that every pod lives in. For root.
    void make_places() const;

    // A new pod in embryo/, which collection leaves alone, with its lock held.
    PodLock create(const Uuid& uuid) const;

    // Every pod, by UUID. One that is moved while we look is seen once.
    std::vector<Pod> list() const;

    // The pod of a name, a UUID, or a unique beginning of one. Throws Error if there is none, or more than
    // one.
    Pod resolve(std::string_view word) const;

    std::optional<Pod> find(const Uuid& uuid) const;

    // Nothing if someone else holds the pod. Never waits for more than those who only look, a tenth of a
    // second at most.
    std::optional<PodLock> try_lock(const Pod& pod) const;

    // Keeps the pod where and as it is, for who reads what it left: nobody can change or remove it meanwhile,
    // and it does not look as if it was running. Nothing if someone else holds the pod.
    std::optional<Lock> try_hold(const Pod& pod) const;

    // Gives true when nobody holds the pod any more, and false when the patience is over. A negative one has
    // no end.
    bool wait_until_free(const Pod& pod, std::chrono::milliseconds patience) const;

    // Renames the pod's directory. The name is durable only when whoever needs it has synced the file system:
    // a pod that runs has nothing to lose with the power.
    void move(PodLock& pod, PodPlace place) const;

    // Gives the pod a name. Throws Error if a living pod has it, or if it could be taken for a UUID.
    void claim_name(const PodLock& pod, const std::string& name) const;

    // Gives the name back if it is still the pod's.
    void release_name(const PodLock& pod) const;

    // Where every pod stands, of whatever state, and the lock under which ranges of users are given out.
    std::vector<PodLayout> layouts() const;
    Lock lock_ranges() const;

    // The locks under which the host's ports are given to pods, and pods are told of each other.
    Lock lock_ports() const;
    Lock lock_hosts() const;

private:
    std::filesystem::path path(PodPlace place) const { return root_ / str(place); }
    std::filesystem::path names() const { return root_ / "names"; }
    std::optional<Pod> look(const Uuid& uuid, PodPlace place) const;
    std::optional<Pod> find_named(std::string_view name) const;

    std::filesystem::path root_;
};

// Throws Error unless the word is an AC Name that nobody can take for the beginning of a UUID.
void check_pod_name(std::string_view name);

} // namespace rkt
