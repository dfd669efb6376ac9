// SPDX-License-Identifier: Apache-2.0
//
// One pod, seen at one moment: values, read from its directory without holding its lock.

#pragma once

#include "appc/uuid.h"
#include "base/moment.h"
#include "os/cgroup.h"
#include "pod/layout.h"
#include "pod/ports.h"
#include "pod/state.h"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace rkt {

using Time = Moment;

struct PodApp {
    std::string name;
    std::string image_id;           // sha512-… in full
    std::string image_name;         // with ":version" if the image has that label
    std::optional<int> status = {}; // known once it has ended: 0 to 255, 128 + N for signal N
    std::optional<Time> started = {};
    std::optional<Time> finished = {};
};

struct PodIsolator {
    std::string app; // "-" for the pod as a whole
    std::string name;
    std::string outcome; // "enforced", "changed" or "ignored"
    std::string reason = {};
};

struct PodPlaceInNetwork {
    std::string network;
    std::string interface;
    std::vector<std::string> addresses; // "172.16.28.2/24"
};

struct Pod {
    Uuid uuid;
    PodPlace place;
    PodState state;
    PodLayout layout;

    std::optional<std::string> name() const; // as given with --name

    // What systemd-machined knows it by: rkt-NAME, or rkt-UUID.
    std::string machine() const;

    std::vector<PodApp> apps() const; // in the manifest's order

    // What became of the isolators; nothing for who may not read it, or before the pod has run.
    std::vector<PodIsolator> isolators() const;

    std::optional<Time> created() const;
    std::optional<Time> started() const;
    std::optional<pid_t> leader() const;             // of its PID 1, as recorded
    std::optional<pid_t> watcher() const;            // of nspawn, as recorded
    std::optional<Cgroup> cgroup() const;            // of its processes, as recorded
    std::vector<PodPlaceInNetwork> networks() const; // none with the host's, and without any
    std::vector<PodPort> ports() const;              // of the host, while the pod runs
};

// rkt-NAME if the pod has a name, else rkt-UUID.
std::string machine_name(const Uuid& uuid, const std::optional<std::string>& name);

// The status of `rkt run`: of the first app in time that ended with another status than 0, else 0.
// Nothing if an app's status is unknown and no other's is worse.
std::optional<int> status_of(const std::vector<PodApp>& apps);

} // namespace rkt
