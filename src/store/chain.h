// SPDX-License-Identifier: Apache-2.0
//
// An image and everything it depends on, found in the store and put in order.

#pragma once

#include "aci/rendering.h"
#include "store/store.h"

#include <string>
#include <vector>

namespace rkt {

struct ChainImage {
    ImageId id;
    std::string name; // for messages
    std::size_t filter = 0;
};

struct ImageChain {
    std::vector<ChainImage> images;

    // What an image's own path whitelist and those of the images that brought it to its place let through.
    // One filter serves many images; the first lets everything through.
    std::vector<PathFilter> filters = {std::nullopt};
};

// Lowest first, the image itself last: for each dependency in the order of the list first its own
// dependencies and then it (IMG-30). One that is needed twice is there twice (IMG-31).
//
// A dependency is found by its id if that is given, else by name and labels (ACI-34). Throws Error, which
// names the image and the dependency, if there is none or if it came with another size than is said (ACI-33);
// and if images depend on each other in a circle, too deeply, or on too many (IMG-35).
ImageChain resolve_chain(const Store& store, const ImageId& id, const ImageManifest& manifest);

} // namespace rkt
