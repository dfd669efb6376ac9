// SPDX-License-Identifier: Apache-2.0
//
// Gets what was asked for into the store.

#pragma once

#include "appc/image-id.h"
#include "fetch/import.h"
#include "store/image-ref.h"
#include "store/keys.h"

#include <filesystem>
#include <optional>

namespace rkt {

struct FetchOptions {
    ImportOptions import = {};

    // Those whose signatures count, of which an archive needs one; without, no signature is looked for
    // (DISC-16).
    std::optional<TrustedKeys> keys = {};

    // The file with the signature; if not given, the archive's own name and ".asc".
    std::optional<std::filesystem::path> signature = {};
};

// Gives the id of the image, which is in the store when this returns. A path is read anew each
// time; a name or an id must be there already. Takes root.
ImageId fetch(const std::filesystem::path& data_dir, const ImageRef& image, const FetchOptions& options);

} // namespace rkt
