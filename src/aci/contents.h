// SPDX-License-Identifier: Apache-2.0
//
// What the reading of an ACI found out, and how the confined process that read it tells.

#pragma once

#include "appc/image-id.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace rkt {

struct AciContents {
    ImageId id;
    std::string manifest = {};      // as it stands in the archive, not yet understood
    std::uint64_t bytes = 0;        // of all files, unpacked
    std::uint64_t source_bytes = 0; // of the archive as it came
    std::vector<std::string> warnings = {};

    // Throws an Error if the text is none of ours.
    static AciContents parse(std::string_view text);

    // In the warnings each byte that is not UTF-8 is shown by its number; the manifest has to be UTF-8.
    std::string json() const;
};

} // namespace rkt
