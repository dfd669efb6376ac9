// SPDX-License-Identifier: Apache-2.0
//
// Whether what is stored of an image is what was fetched.
//
// Nothing is noted of the unpacked files when an image is imported, since that would take another hash of all
// of them. The archive that is kept says it again: its hash is the image's id.

#pragma once

#include "store/store.h"

#include <string>

namespace rkt {

enum class Condition { Whole, Unknown, Damaged };

struct Verdict {
    Condition condition;
    std::string reason = {}; // empty if it is whole
};

// Has the archive unpacked once more, aside, and compares: its hash, the manifest, every file. Without an
// archive there is nothing to compare with, and the verdict is Unknown. Takes root, and as much space as the
// image for a while. Throws Error if there is not so much, or if anything else of this host fails: that says
// nothing of the image.
Verdict verify_image(const Store& store, const ImageId& id);

} // namespace rkt
