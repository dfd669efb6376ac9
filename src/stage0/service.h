// SPDX-License-Identifier: Apache-2.0
//
// Starting a prepared pod as a service of systemd: `rkt run --detach`.

#pragma once

#include "pod/pod.h"

#include <filesystem>
#include <string>

namespace rkt {

struct PodService {
    std::filesystem::path data_dir; // where the pod is
    std::filesystem::path program;  // rkt itself
    std::string pod;                // its name or UUID
};

// Starts rkt-pod@POD.service where that template is installed and would find the pod; else a transient
// rkt-POD.service with the same properties. Returns when the pod is ready. Throws Error if it did not start,
// or if PID 1 is not systemd. Gives the unit's name.
std::string start_service(const PodService& service);

} // namespace rkt
