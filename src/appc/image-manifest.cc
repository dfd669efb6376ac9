// SPDX-License-Identifier: Apache-2.0

#include "appc/image-manifest.h"

#include "appc/document.h"
#include "appc/limits.h"
#include "appc/writer.h"

namespace rkt {

namespace {

constexpr std::string_view kind = "ImageManifest";

Dependency read_dependency(Reader& reader) {
    // Before version 0.6 of the spec the name of the image was called "app".
    if (!reader.has("imageName") && reader.has("app"))
        reader.fault("app", "is called imageName since version 0.6 of the spec");
    return {.image_name = reader.word<AcIdentifier>("imageName"),
            .image_id = read_image_id(reader, "imageID"),
            .labels = read_labels(reader),
            .size = reader.optional_number("size", 0, INT64_MAX),
            .unknown = reader.rest()};
}

// What is not absolute is taken to begin at the root (IMG-48).
std::vector<std::string> read_path_whitelist(Reader& reader) {
    auto paths = reader.texts("pathWhitelist", limits::path_whitelist);
    for (const std::string& path : paths)
        if (!path.starts_with('/'))
            reader.warn("pathWhitelist",
                        fmt::format("\"{}\" is not absolute, and is taken for \"/{}\"", path, path));
    return paths;
}

ImageManifest read_image_manifest(Reader& reader) {
    read_kind(reader, kind);
    return {.version = read_version(reader),
            .name = reader.word<AcIdentifier>("name"),
            .labels = read_labels(reader),
            .app = reader.object("app", read_app),
            .dependencies = reader.list("dependencies", limits::dependencies, read_dependency),
            .path_whitelist = read_path_whitelist(reader),
            .annotations = read_annotations(reader),
            .unknown = reader.rest()};
}

} // namespace

Json Dependency::json() const {
    Writer writer(unknown);
    writer.set("imageName", image_name).set("imageID", image_id).list("labels", labels);
    if (size)
        writer.set("size", *size);
    return writer.take();
}

ImageManifest ImageManifest::parse(std::string_view text, Strictness strictness) {
    return examine(text, strictness).value;
}

Examined<ImageManifest> ImageManifest::examine(std::string_view text, Strictness strictness) {
    return read_document(text, "an image manifest", strictness, read_image_manifest);
}

Json ImageManifest::json() const {
    Writer writer(unknown);
    writer.set("acKind", kind).set("acVersion", version).set("name", name).list("labels", labels);
    if (app)
        writer.set("app", app->json());
    return writer.list("dependencies", dependencies)
        .texts("pathWhitelist", path_whitelist)
        .list("annotations", annotations)
        .take();
}

} // namespace rkt
