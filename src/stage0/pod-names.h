// SPDX-License-Identifier: Apache-2.0
//
// The files by which the apps of a pod know names, and by which pods of the same network know each other's.
//
// They are made here, in the pod's directory, and stage1 shows them to the apps. When a pod comes or goes the
// hosts files of all that are in a network with it are written anew, in place, so that their apps see it.
// Nobody keeps a list: who is there is asked of the pods themselves, so that a name dies with its pod at the
// latest when the next one comes, or rkt gc.

#pragma once

#include "pod/pods.h"
#include "stage0/names-plan.h"
#include "stage0/network-plan.h"

#include <optional>
#include <string>

namespace rkt {

// What the other pods may call one, while it runs.
class PodNames {
public:
    // Writes the files of a pod whose networks have been made, and tells the others of it. `hostname` is the
    // pod's. Throws Error.
    PodNames(const Pods& pods, const PodLock& pod, const NamesPlan& plan, NetworkPlan::Kind network,
             const std::string& hostname);

    // The others forget it; what hinders is a warning.
    ~PodNames();
    PodNames(const PodNames&) = delete;
    PodNames& operator=(const PodNames&) = delete;

private:
    Pods pods_;
    PodLayout layout_;
};

// Writes the hosts file of every running pod anew where it is not as it should be.
void refresh_hosts(const Pods& pods);

} // namespace rkt
