// SPDX-License-Identifier: Apache-2.0
//
// Gets what was asked for into the store.

#pragma once

#include "appc/image-id.h"
#include "store/image-ref.h"

#include <cstdint>
#include <filesystem>
#include <optional>

namespace rkt {

struct FetchOptions {
    bool verify = true;       // signatures
    bool keep_archive = true; // the file as it came, to be exported again
    std::optional<std::uint64_t> max_bytes =
        {}; // unpacked; if not given, all but a twentieth of what is free
    std::optional<std::uint64_t> max_entries = {}; // of the archive
};

// Gives the id of the image, which is in the store when this returns. A path is read anew each
// time; a name or an id must be there already. Takes root.
ImageId fetch(const std::filesystem::path& data_dir, const ImageRef& image, const FetchOptions& options);

} // namespace rkt
