// SPDX-License-Identifier: Apache-2.0
//
// Starting a prepared pod as a service of systemd: `rkt run --detach`.

#pragma once

#include "config/global-flags.h"

#include <filesystem>
#include <string>

namespace rkt {

struct PodService {
    Globals globals;               // where the pod is, and what its networks are called
    std::filesystem::path program; // rkt itself
    std::string pod;               // its name or UUID
};

// Starts rkt-pod@POD.service where that template is installed and would find both; else a transient
// rkt-POD.service with the same properties. Returns when the pod is ready. Throws Error if it did not start,
// or if PID 1 is not systemd. Gives the unit's name.
std::string start_service(const PodService& service);

} // namespace rkt
