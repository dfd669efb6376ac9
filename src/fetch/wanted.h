// SPDX-License-Identifier: Apache-2.0
//
// An image that is wanted, and whether what has come is it.

#pragma once

#include "appc/image-id.h"
#include "appc/image-manifest.h"
#include "store/image-ref.h"
#include "store/source.h"
#include "store/store.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace rkt {

struct Wanted {
    ImageRef image;
    std::optional<ImageId> id = {};         // of a dependency (ACI-31)
    std::optional<std::uint64_t> size = {}; // of a dependency's archive, in bytes as it comes (ACI-33)
    std::optional<std::filesystem::path> signature = {}; // the file with it, if not beside the image

    // The dependency, to be found by its name and labels (ACI-34).
    static Wanted dependency(const Dependency& dependency);

    // One text for what is the same.
    std::string key() const;
};

// Throws Error unless it has the name and every label that was asked for, is made for this machine where no
// other was asked for, and has the id (DISC-15, ACI-31). A label that was not asked for is no fault.
void check_is_wanted(const ImageId& id, const ImageSource& image, const Wanted& wanted);
void check_is_wanted(const StoredImage& image, const Wanted& wanted);

} // namespace rkt
