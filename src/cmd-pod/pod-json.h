// SPDX-License-Identifier: Apache-2.0
//
// A pod as `rkt list` and `rkt status` give it to programs: the members of rkt 1.30,
// "pod_name", "ports" and, where the pod's systemd was asked, an app's "unit".

#pragma once

#include "pod/pod.h"
#include "stage0/app-units.h"
#include "wrap/json.h"

#include <map>
#include <string>

namespace rkt {

Json pod_json(const Pod& pod, const std::map<std::string, AppUnit>& units = {});
Json app_json(const Pod& pod, const PodApp& app);

// "created", "running", "exited" or "unknown".
std::string app_state(const Pod& pod, const PodApp& app);

// "default:ip4=172.16.28.2,ip6=fd00::2, other:ip4=…", as `rkt list` shows it.
std::string network_words(const Pod& pod);

} // namespace rkt
