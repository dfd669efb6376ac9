// SPDX-License-Identifier: Apache-2.0
//
// From the images that were asked for to images in the store, and to a pod of them.

#pragma once

#include "cmd-pod/pod-line.h"
#include "cmd-pod/session.h"
#include "config/pull-policy.h"
#include "stage0/compose.h"

#include <initializer_list>
#include <vector>

namespace rkt {

// Images that were asked for, and which each of them is.
struct FoundImages {
    std::vector<AskedApp> asked = {};
    PullPolicy policy = PullPolicy::New;
    std::vector<ImageId> ids = {};
};

// Finds each image in the store, or has rkt-image fetch those that are not there, all at once, with what they
// depend on. Nothing keeps them there: see below. Throws Error that names the image.
FoundImages find_images(const Session& session, std::vector<AskedApp> asked,
                        PullPolicy policy = PullPolicy::New);

// The store with all of these in it, which stay as long as it is held. What has been removed since it was
// found, or what it depends on, is looked for once more. Throws Error that names the image if that does not
// help.
Store hold_images(const Session& session, std::initializer_list<FoundImages*> all);

// What was asked for of one image. Throws Error if it is not in the store.
AppRequest request_of(const Store& store, const AskedApp& app, const ImageId& id);

// The pod that was asked for: composed of these images, or as its file says. What is doubtful is told as a
// warning. Throws Error, also if an image is not in the store.
PodManifest compose_pod(const Store& store, const PodLine& line, const std::vector<ImageId>& ids);

} // namespace rkt
