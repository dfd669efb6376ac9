// SPDX-License-Identifier: Apache-2.0
//
// What --format means: lists for people, or JSON for programs.

#pragma once

#include "wrap/json.h"

#include <optional>
#include <string>

namespace rkt {

enum class Format { Text, Json, JsonPretty };

// Text where no word is given. Throws UsageError for any other word than json and json-pretty.
Format parse_format(const std::optional<std::string>& word);

// Ends in a newline.
std::string format_json(const Json& json, Format format);

} // namespace rkt
