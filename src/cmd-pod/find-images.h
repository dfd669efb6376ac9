// SPDX-License-Identifier: Apache-2.0
//
// From the images that were asked for to images in the store, and to a pod of them.

#pragma once

#include "cmd-pod/pod-line.h"
#include "cmd-pod/session.h"
#include "config/pull-policy.h"
#include "stage0/compose.h"

#include <vector>

namespace rkt {

// Finds each image in the store, or has rkt-image fetch those that are not there, all at once, with what they
// depend on. Throws Error that names the image.
std::vector<ImageId> find_images(const Session& session, const std::vector<AskedApp>& apps,
                                 PullPolicy policy = PullPolicy::New);

// What was asked for of one image. Throws Error if the image has been removed meanwhile.
AppRequest request_of(const Store& store, const AskedApp& app, const ImageId& id);

// The pod that was asked for: composed of these images, or as its file says. What is doubtful is told as a
// warning. Throws Error, also if an image has been removed meanwhile.
PodManifest compose_pod(const Store& store, const PodLine& line, const std::vector<ImageId>& ids);

} // namespace rkt
