// SPDX-License-Identifier: Apache-2.0
//
// What is said about an image, an app or a pod beside what is needed to run it.

#pragma once

#include "appc/name.h"
#include "appc/named.h"
#include "wrap/json.h"

#include <string>
#include <string_view>
#include <vector>

namespace rkt {

class Reader;

struct Annotation {
    AcIdentifier name;
    std::string value;
    Json::Object unknown = {};

    Json json() const;
    bool operator==(const Annotation&) const = default;
};

using Annotations = std::vector<Annotation>;

// The value of an annotation; nothing, as a null pointer, if there is none of that name.
const std::string* find_annotation(const Annotations& annotations, std::string_view name);

// Those of an image with those of the pod's app laid over them: in the place of the same name, the others
// behind (MDS-13).
Annotations merge_annotations(Annotations image, const Annotations& app);

// Whether the app tells systemd when it is ready (ACI-44).
bool supports_systemd_notify(const Annotations& annotations);

// Reads the member "annotations": names once each, and those of the spec with a value that fits
// (AC-TYPE-13, ACI-40 to ACI-45).
Annotations read_annotations(Reader& reader);

} // namespace rkt
