// SPDX-License-Identifier: Apache-2.0
//
// Reads an ACI in one pass: it is hashed, decompressed, checked and unpacked while it arrives.

#pragma once

#include "aci/check.h"
#include "aci/contents.h"
#include "os/dir.h"

namespace rkt {

// Unpacks the archive that the descriptor gives into a new directory `rootfs` of `target`, and
// writes the archive as it came to `copy`, unless that is -1. Nothing in `target` counts when this
// throws: the archive may be damaged at its end (IMG-12). The manifest is given back as it is.
//
// Directories that the archive has no entry for are listed in the file `implied` of `target`, if there are
// any, a zero after each path: laid over another image they have nothing to say.
AciContents read_aci(int source, int copy, const Dir& target, const UnpackLimits& limits);

} // namespace rkt
