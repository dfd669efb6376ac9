// SPDX-License-Identifier: Apache-2.0
//
// A pod as `rkt list` and `rkt status` give it to programs: the members of rkt 1.30, and "pod_name".

#pragma once

#include "pod/pod.h"
#include "wrap/json.h"

#include <optional>
#include <string>

namespace rkt {

Json pod_json(const Pod& pod);

enum class Format { Text, Json, JsonPretty };

// Throws UsageError for any other word than json and json-pretty.
Format parse_format(const std::optional<std::string>& word);

// Ends in a newline.
std::string format_json(const Json& json, Format format);

} // namespace rkt
