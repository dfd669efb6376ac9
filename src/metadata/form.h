// SPDX-License-Identifier: Apache-2.0
//
// The fields of a form as a body has them: application/x-www-form-urlencoded.

#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace rkt {

// With %41 made A; nothing for a percent sign without two digits behind it.
std::optional<std::string> decode_percent(std::string_view text);

// By name; values are any bytes (MDS-22). Nothing for a field that is coded badly, or is there twice.
using Form = std::map<std::string, std::string, std::less<>>;
std::optional<Form> parse_form(std::string_view body);

} // namespace rkt
