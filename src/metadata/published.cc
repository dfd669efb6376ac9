// SPDX-License-Identifier: Apache-2.0

#include "metadata/published.h"

#include "base/text.h"
#include "os/file.h"
#include "wrap/hmac.h"

namespace rkt {

namespace {

std::string read(const std::filesystem::path& file) {
    if (std::optional<std::string> text = read_file_if_any(file))
        return std::move(*text);
    throw NotPublished("{} is not there", file);
}

} // namespace

std::optional<PublishedPod> PublishedPod::find(const std::filesystem::path& root, std::string_view token) {
    std::optional<MetadataToken> parsed = MetadataToken::parse(token);
    if (!parsed)
        return std::nullopt;
    PublishedPod pod(root / parsed->place());
    std::optional<std::string> secret = read_file_if_any(pod.files_.secret());
    if (!secret || !equal_in_constant_time(*secret, parsed->secret()))
        return std::nullopt;
    return pod;
}

Uuid PublishedPod::uuid() const {
    return Uuid::parse(trim(read(files_.uuid())));
}

std::string PublishedPod::manifest_text() const {
    return read(files_.manifest());
}

std::string PublishedPod::image_text(const RuntimeApp& app) const {
    return read(files_.image_manifest(app.name.str()));
}

} // namespace rkt
