// SPDX-License-Identifier: Apache-2.0
//
// A limit or a right of an app or of a pod, as it stands in a manifest (reference section 8).
//
// Here an isolator is a name and a JSON value, and a value of a known name has the shape that the spec
// gives it. What it means is decided where it is enforced. One of an unknown name is kept.

#pragma once

#include "appc/name.h"
#include "appc/quantity.h"
#include "wrap/json.h"

#include <optional>
#include <string_view>
#include <vector>

namespace rkt {

class Reader;

struct Isolator {
    AcIdentifier name;
    Json value;
    Json::Object unknown = {};

    Json json() const;
    bool operator==(const Isolator&) const = default;
};

enum class IsolatorScope { App, Pod };

// The last of that name, which is the one that counts (ISO-18); nothing, as a null pointer, if there is
// none.
const Isolator* find_isolator(const std::vector<Isolator>& isolators, std::string_view name);

// Whether there is an isolator of that name that we know, with any scope.
bool is_known_isolator(std::string_view name);

// A quantity in the value of a resource isolator: "request" or "limit". Nothing if it is not there.
std::optional<Quantity> find_quantity(const Isolator& isolator, std::string_view member);

// Reads the member "isolators": every value checked, those that exclude each other refused, those of
// the other scope warned about (ISO-1 to ISO-22).
std::vector<Isolator> read_isolators(Reader& reader, IsolatorScope scope);

} // namespace rkt
