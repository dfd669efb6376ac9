// SPDX-License-Identifier: Apache-2.0
//
// What tells the builds of an image apart: version, os, arch, and whatever its maker adds.

#pragma once

#include "appc/name.h"
#include "appc/named.h"
#include "wrap/json.h"

#include <string>
#include <string_view>
#include <vector>

namespace rkt {

class Reader;

struct Label {
    AcIdentifier name;
    std::string value;
    Json::Object unknown = {};

    Json json() const;
    bool operator==(const Label&) const = default;
};

using Labels = std::vector<Label>;

// The value of a label; nothing, as a null pointer, if there is none of that name.
const std::string* find_label(const Labels& labels, std::string_view name);

// Names once each, none of them "name", and a pair of os and arch that exists (AC-TYPE-11, AC-TYPE-12).
// Throws an Error otherwise.
void check_labels(const Labels& labels);

// Reads the member "labels".
Labels read_labels(Reader& reader);

} // namespace rkt
