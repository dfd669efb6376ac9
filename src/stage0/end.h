// SPDX-License-Identifier: Apache-2.0
//
// Ending pods that somebody else runs, or nobody any more.

#pragma once

#include "pod/pods.h"

#include <chrono>

namespace rkt {

// Asks a running pod to end in order, by its stage1, and waits until nothing of it is alive. What is still
// there when the patience is over is killed. `force` kills at once. Throws Error if the rkt that runs the pod
// does not let go of it.
void stop_pod(const Pods& pods, const Pod& pod, bool force, std::chrono::seconds patience);

// Ends, at once and for good, what lives on of a pod whose lock is free: rkt and nspawn were killed.
void kill_remains(const Pod& pod);

} // namespace rkt
