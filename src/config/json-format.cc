// SPDX-License-Identifier: Apache-2.0

#include "config/json-format.h"

#include "base/error.h"

namespace rkt {

Format parse_format(const std::optional<std::string>& word) {
    if (!word)
        return Format::Text;
    if (*word == "json")
        return Format::Json;
    if (*word == "json-pretty")
        return Format::JsonPretty;
    throw UsageError("--format takes json or json-pretty, not {}", *word);
}

std::string format_json(const Json& json, Format format) {
    return (format == Format::JsonPretty ? json.pretty() : json.compact()) + "\n";
}

} // namespace rkt
