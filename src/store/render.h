// SPDX-License-Identifier: Apache-2.0
//
// From an image with dependencies or a path whitelist to the root of an app.
//
// Layers are stacked by overlayfs wherever that says the same as laying each over the last (IMG-30 to
// IMG-33). Only what stacking cannot say is rendered into a tree, once: a path whitelist, and a directory
// that an upper layer has without an entry of its own, for it would hide the modes of the lower ones. A layer
// that occurs twice is stacked once, where it is uppermost: whatever its lower occurrence adds the upper one
// adds again, and whatever that hides the upper one hides too.

#pragma once

#include "os/dir.h"
#include "store/stack.h"

namespace rkt {

// A tree that is missing is rendered, which takes root and time. Throws Error: see resolve_chain.
Stack make_stack(const Store& store, const ImageId& id, const ImageManifest& manifest);

// Copies the image over its dependencies into an empty directory.
void render_image(const Store& store, const ImageId& id, const Dir& root);

// Copies the image alone, without dependencies and whitelist.
void extract_image(const Store& store, const ImageId& id, const Dir& root);

} // namespace rkt
