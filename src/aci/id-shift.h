// SPDX-License-Identifier: Apache-2.0
//
// Owners that a user namespace has moved, moved back: on disk the files of a pod with a user namespace belong
// to the pod's range of the host's users, and in an image they belong to the users of the image.

#pragma once

#include "wrap/archive.h"

#include <cstdint>
#include <string_view>

namespace rkt {

struct IdShift {
    std::uint32_t first = 0; // what 0 has become
    std::uint32_t count = 0;

    // "SHIFT:COUNT", in decimal. Throws Error that quotes the text.
    static IdShift parse(std::string_view text);

    // What lies outside the range stays: it comes from the layers, which were not moved.
    std::uint32_t undo(std::uint32_t id) const noexcept;

    // The owners of a file, those named in its access control lists, and the root that its capabilities are
    // of.
    void undo(TarEntry& entry) const;
};

} // namespace rkt
