// SPDX-License-Identifier: Apache-2.0
//
// What an image says about itself (reference section 2).

#pragma once

#include "appc/annotations.h"
#include "appc/app.h"
#include "appc/findings.h"
#include "appc/image-id.h"
#include "appc/labels.h"
#include "appc/name.h"
#include "appc/version.h"
#include "wrap/json.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rkt {

class Reader;

// An image whose files lie below those of the image that names it (ACI-30 to ACI-36).
struct Dependency {
    AcIdentifier image_name;
    std::optional<ImageId> image_id = {};
    Labels labels = {};
    std::optional<std::uint64_t> size = {}; // bytes as they are retrieved
    Json::Object unknown = {};

    Json json() const;
    bool operator==(const Dependency&) const = default;
};

struct ImageManifest {
    SemVer version = spec_version(); // of the spec
    AcIdentifier name;
    Labels labels = {};
    std::optional<App> app = {};
    std::vector<Dependency> dependencies = {};
    std::vector<std::string> path_whitelist = {};
    Annotations annotations = {};
    Json::Object unknown = {};

    // Throws one Error that lists every fault with its place. Warnings are given beside the value, and
    // only by examine.
    static ImageManifest parse(std::string_view text, Strictness strictness = Strictness::Strict);
    static Examined<ImageManifest> examine(std::string_view text, Strictness strictness = Strictness::Strict);

    Json json() const;
    std::string str() const { return json().compact(); }
    bool operator==(const ImageManifest&) const = default;
};

} // namespace rkt
