// SPDX-License-Identifier: Apache-2.0
//
// Removing pods, and everything that was ever made for them.

#pragma once

#include "pod/pods.h"
#include "store/store.h"

#include <chrono>
#include <functional>

namespace rkt {

// Removes a pod that is not alive, whatever its state. Throws Error, and loses nothing, if it is running or
// being prepared.
void remove_pod(const Pods& pods, Store& store, const Pod& pod);

// Removes a pod of ours that did not come to be. Never throws: what it cannot remove is left for the next
// collection.
void discard_pod(const Pods& pods, Store& store, PodLock pod) noexcept;

struct CollectOptions {
    std::chrono::seconds grace_period = std::chrono::minutes(30); // since an exited pod was marked
    std::chrono::seconds expire_prepared = std::chrono::hours(24);
    bool mark_only = false;
};

// Marks what has exited, sweeps what was marked long enough ago, and ends what nobody watches over any more.
// One pod that resists is told of and does not keep the others. Gives false if there was one.
bool collect_pods(const Pods& pods, Store& store, const CollectOptions& options,
                  const std::function<void(const Uuid&)>& removed);

} // namespace rkt
