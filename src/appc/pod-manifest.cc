// SPDX-License-Identifier: Apache-2.0

#include "appc/pod-manifest.h"

#include "appc/document.h"
#include "appc/limits.h"
#include "appc/path.h"
#include "appc/pod-parts.h"
#include "appc/writer.h"

#include <utility>

namespace rkt {

namespace {

constexpr std::string_view kind = "PodManifest";

RuntimeImage read_image(Reader& reader) {
    RuntimeImage image{.id = read_image_id(reader, "id"),
                       .name = reader.optional_word<AcIdentifier>("name"),
                       .labels = read_labels(reader),
                       .unknown = reader.rest()};
    if (!reader.is_lenient())
        reader.require("id");
    return image;
}

RuntimeImage read_required_image(Reader& reader) {
    reader.require("image");
    auto image = reader.object("image", read_image);
    return image ? *std::move(image) : RuntimeImage();
}

std::vector<Mount> read_mounts(Reader& reader) {
    auto mounts = reader.list("mounts", limits::mounts, read_mount);
    std::vector<std::string> paths;
    paths.reserve(mounts.size());
    for (const Mount& mount : mounts)
        paths.push_back(mount.path);
    refuse_nested(reader, "mounts", std::move(paths));
    return mounts;
}

RuntimeApp read_runtime_app(Reader& reader) {
    return {.name = reader.word<AcName>("name"),
            .image = read_required_image(reader),
            .app = reader.object("app", read_app),
            .read_only_rootfs = reader.flag("readOnlyRootFS"),
            .mounts = read_mounts(reader),
            .annotations = read_annotations(reader),
            .unknown = reader.rest()};
}

// The list must be there, though Go writes an empty one as null.
std::vector<RuntimeApp> read_apps(Reader& reader) {
    reader.value("apps");
    return reader.named_list("apps", limits::apps, read_runtime_app);
}

PodManifest read_pod_manifest(Reader& reader) {
    read_kind(reader, kind);
    PodManifest pod{.version = read_version(reader),
                    .apps = read_apps(reader),
                    .volumes = reader.named_list("volumes", limits::volumes, read_volume),
                    .isolators = read_isolators(reader, IsolatorScope::Pod),
                    .annotations = read_annotations(reader),
                    .ports = read_exposed_ports(reader),
                    .user_annotations = reader.text_map("userAnnotations", limits::user_pairs),
                    .user_labels = reader.text_map("userLabels", limits::user_pairs),
                    .unknown = reader.rest()};
    check_ports(reader, pod);
    if (!reader.is_lenient())
        check_mounts(reader, pod);
    return pod;
}

} // namespace

Json RuntimeImage::json() const {
    return Writer(unknown).set("id", id).set("name", name).list("labels", labels).take();
}

Json RuntimeApp::json() const {
    Writer writer(unknown);
    writer.set("name", name).set("image", image.json());
    if (app)
        writer.set("app", app->json());
    return writer.set_unless(false, "readOnlyRootFS", read_only_rootfs)
        .list("mounts", mounts)
        .list("annotations", annotations)
        .take();
}

Json ExposedPort::json() const {
    Writer writer(unknown);
    writer.set("name", name).set("hostPort", host_port).set_unless(std::string(), "hostIP", host_ip);
    if (pod_port)
        writer.set("podPort", pod_port->json());
    return writer.take();
}

PodManifest PodManifest::parse(std::string_view text, Strictness strictness) {
    return examine(text, strictness).value;
}

Examined<PodManifest> PodManifest::examine(std::string_view text, Strictness strictness) {
    return read_document(text, "a pod manifest", strictness, read_pod_manifest);
}

// The list of annotations is written when it is empty too, since the metadata service gives it out as
// it stands here (MDS-10).
Json PodManifest::json() const {
    return Writer(unknown)
        .set("acKind", kind)
        .set("acVersion", version)
        .whole_list("apps", apps)
        .list("volumes", volumes)
        .list("isolators", isolators)
        .whole_list("annotations", annotations)
        .list("ports", ports)
        .text_map("userAnnotations", user_annotations)
        .text_map("userLabels", user_labels)
        .take();
}

} // namespace rkt
