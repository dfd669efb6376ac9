// SPDX-License-Identifier: Apache-2.0
//
// The table of `rkt list`: what there is to say of a pod and of its apps, and in which form.

#pragma once

#include "pod/pod.h"

#include <string>
#include <string_view>
#include <vector>

namespace rkt {

struct PodTableForm {
    bool full = false; // whole UUIDs, image IDs and times
    bool legend = true;
};

// What a row is about: an app of a pod, or a pod without apps.
struct PodRow {
    const Pod& pod;
    const PodApp& app;
    bool first; // of the pod's
    bool full;  // as the form says
};

// A column. What is said of the pod stands in the first of its rows.
struct PodField {
    std::string_view name;
    std::string_view legend;
    bool of_app; // and in the others
    std::string (*cell)(const PodRow&);
};

// The columns where none are asked for: names, separated by commas.
std::string_view usual_pod_fields(bool full);

// Throws UsageError, which names the flag.
std::vector<PodField> parse_pod_fields(const char* flag, std::string_view names);

std::string pod_table(const std::vector<Pod>& pods, const std::vector<PodField>& shown,
                      const PodTableForm& form);

} // namespace rkt
