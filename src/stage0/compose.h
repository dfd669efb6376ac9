// SPDX-License-Identifier: Apache-2.0
//
// From what was asked for to the pod manifest: a pure function, so that what a pod will be can be
// shown and tested without making one.

#pragma once

#include "appc/image-id.h"
#include "appc/image-manifest.h"
#include "appc/pod-manifest.h"

#include <optional>
#include <string>
#include <vector>

namespace rkt {

struct AppRequest {
    ImageId image;
    ImageManifest manifest;                  // of that image
    std::optional<std::string> name = {};    // else the last part of the image's name
    std::optional<std::string> exec = {};    // replaces the image's exec
    std::vector<std::string> arguments = {}; // added to the exec
};

// Throws Error if two apps have one name, or an app has nothing to execute (ACI-26).
PodManifest compose(const std::vector<AppRequest>& apps);

// The last part of an image's name, made an AC Name: "example.com/my_app" gives "my-app".
AcName app_name_of(const AcIdentifier& image_name);

} // namespace rkt
