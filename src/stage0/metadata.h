// SPDX-License-Identifier: Apache-2.0
//
// What the metadata service may tell of a pod, published while the pod runs (ACE-17, MDS-1).

#pragma once

#include "appc/pod-manifest.h"
#include "pod/pods.h"

namespace rkt {

// Whether somebody has started the service: only then is there a place to publish anything.
bool is_metadata_served();

// A pod's metadata, from before its first process to its end.
class PublishedMetadata {
public:
    // Throws Error, and nothing is left then.
    PublishedMetadata(const PodLock& pod, const PodManifest& manifest);

    // What cannot be removed is told of as a warning, and removed when the pod is collected.
    ~PublishedMetadata();
    PublishedMetadata(const PublishedMetadata&) = delete;
    PublishedMetadata& operator=(const PublishedMetadata&) = delete;

private:
    PodLayout layout_;
};

// Publishes the manifest of a pod whose apps have changed, if it is published at all.
void republish_metadata(const PodLayout& pod, const PodManifest& manifest);

// Content if nothing is published of the pod.
void withdraw_metadata(const PodLayout& pod);

} // namespace rkt
