// SPDX-License-Identifier: Apache-2.0
//
// The networks of a pod: made before its first process, written down, and given back once.
//
// Everything that is needed to give them back stands in the pod's directory before it is asked for, so that
// whoever collects the pod can do it after any crash, whatever has become of the configuration.

#pragma once

#include "appc/pod-manifest.h"
#include "cni/network.h"
#include "os/fd.h"
#include "os/mount.h"
#include "pod/pods.h"
#include "stage0/network-plan.h"

#include <string>

namespace rkt {

// A pod's place in its networks, while the pod runs.
class PodNetwork {
public:
    // Makes a network namespace that is kept as /run/netns/rkt-UUID, and attaches it to the plan's networks,
    // with the ports that the manifest exposes. Throws Error, and nothing is left then: a plugin fails, or a
    // port is another pod's or program's.
    PodNetwork(const Pods& pods, const PodLock& pod, const NetworkPlan& plan, const PodManifest& manifest);

    // Gives back, and tells as a warning what cannot be: collecting the pod tries again.
    ~PodNetwork();
    PodNetwork(const PodNetwork&) = delete;
    PodNetwork& operator=(const PodNetwork&) = delete;

    // For whoever is to be in it.
    int space() const noexcept { return space_.get(); }

private:
    PodLayout layout_;
    MountNamespace host_; // where the namespace is kept, and has to be let go
    Fd space_ = {};
};

// What the first of the pod's networks whose plugins say anything says of servers for names.
NetworkDns dns_of_networks(const PodLayout& pod);

// Detaches a pod that is not alive from its networks and removes its namespace. Content if that has been
// done. Throws Error when a plugin fails; what is written down stays, so that it can be tried again. Where
// nobody can read it, after a crash of the host, the namespace alone is removed, with a warning.
void give_back_networks(const PodLayout& pod);

} // namespace rkt
