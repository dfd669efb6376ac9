// SPDX-License-Identifier: Apache-2.0
//
// What is published of pods, read anew for each answer: pods come and go, and nobody says so.

#pragma once

#include "appc/image-manifest.h"
#include "appc/pod-manifest.h"
#include "appc/uuid.h"
#include "base/error.h"
#include "pod/metadata.h"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace rkt {

// The pod, or what is asked of it, is not there, or not any more.
class NotPublished : public Error {
public:
    using Error::Error;
};

// Throw NotPublished.
class PublishedPod {
public:
    // Nothing for what is no token of a pod that is published below `root` (MDS-23, MDS-25).
    static std::optional<PublishedPod> find(const std::filesystem::path& root, std::string_view token);

    Uuid uuid() const;
    std::string manifest_text() const;
    PodManifest manifest() const { return PodManifest::parse(manifest_text()); }
    std::string image_text(const RuntimeApp& app) const;
    ImageManifest image(const RuntimeApp& app) const { return ImageManifest::parse(image_text(app)); }

private:
    explicit PublishedPod(std::filesystem::path dir) : files_{std::move(dir)} {}

    MetadataLayout files_;
};

} // namespace rkt
