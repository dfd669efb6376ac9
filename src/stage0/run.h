// SPDX-License-Identifier: Apache-2.0
//
// Runs a pod that has been prepared.

#pragma once

#include "pod/pods.h"
#include "stage0/launch.h"
#include "store/store.h"

namespace rkt {

// Moves the pod to run/ and runs it. The store is let go as soon as the pod's layers are known.
// If the pod cannot even be started it is removed, or left as exited if `keep` says so.
// Gives the pod's status, as Launch::run() does.
int run_pod(const Pods& pods, Store store, PodLock pod, Launch& launch, const LaunchOptions& options,
            bool keep);

} // namespace rkt
