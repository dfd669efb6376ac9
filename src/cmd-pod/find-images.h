// SPDX-License-Identifier: Apache-2.0
//
// From the images that were asked for to images in the store.

#pragma once

#include "cmd-pod/pod-line.h"
#include "cmd-pod/session.h"
#include "stage0/compose.h"

#include <vector>

namespace rkt {

// Finds each image in the store, or has rkt-image fetch it. Throws Error that names the image.
std::vector<ImageId> find_images(const Session& session, const std::vector<AskedApp>& apps);

// What is asked of each app, with the manifest of its image. Throws Error if an image has been removed
// meanwhile.
std::vector<AppRequest> make_requests(const Store& store, const std::vector<AskedApp>& apps,
                                      const std::vector<ImageId>& ids);

} // namespace rkt
