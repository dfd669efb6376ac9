// SPDX-License-Identifier: Apache-2.0
//
// A pod as `rkt list` and `rkt status` give it to programs: the members of rkt 1.30,
// "pod_name" and "ports".

#pragma once

#include "pod/pod.h"
#include "wrap/json.h"

#include <string>

namespace rkt {

Json pod_json(const Pod& pod);
Json app_json(const Pod& pod, const PodApp& app);

// "created", "running", "exited" or "unknown".
std::string app_state(const Pod& pod, const PodApp& app);

// "default:ip4=172.16.28.2,ip6=fd00::2, other:ip4=…", as `rkt list` shows it.
std::string network_words(const Pod& pod);

} // namespace rkt
