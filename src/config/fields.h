// SPDX-License-Identifier: Apache-2.0
//
// The columns of a table, by their names, as --fields gives them.

#pragma once

#include "base/error.h"
#include "base/text.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>
#include <vector>

namespace rkt {

// Those of `known` that a list of names says, separated by commas, in its order. Throws UsageError, which
// names the flag.
template <class Field, std::size_t count>
std::vector<Field> parse_fields(const char* flag, std::string_view names,
                                const std::array<Field, count>& known) {
    std::vector<Field> fields;
    for (std::string_view name : split(names, ',')) {
        const auto* found = std::ranges::find(known, name, &Field::name);
        if (found == known.end())
            throw UsageError("{} knows no field \"{}\"", flag, name);
        fields.push_back(*found);
    }
    return fields;
}

} // namespace rkt
