// SPDX-License-Identifier: Apache-2.0

#include "stage0/prepare.h"

#include "base/error.h"
#include "base/log.h"
#include "os/file.h"
#include "stage0/collect.h"

#include <fcntl.h>

namespace rkt {

namespace {

constexpr mode_t secret = 0640;

std::string image_line(const RuntimeApp& app) {
    std::string name = app.image.name ? app.image.name->str() : "-";
    if (const std::string* version = find_label(app.image.labels, "version"))
        name += ":" + *version;
    return fmt::format("{} {} {}\n", app.name, app.image.id.value(), name);
}

void make_secret_dir(const std::filesystem::path& dir) {
    std::filesystem::create_directory(dir);
    std::filesystem::permissions(dir, std::filesystem::perms::owner_all);
}

void write_pod(const PodLayout& layout, const Store& store, const PodManifest& manifest, const Stage1& stage1,
               const Uuid& uuid) {
    for (const char* dir : {"appsinfo", "stage1", "overlay", "journal"})
        make_secret_dir(layout.dir / dir);
    std::filesystem::create_directory(layout.journal() / uuid.machine_id());
    std::string lines;
    for (const RuntimeApp& app : manifest.apps) {
        std::filesystem::create_directory(layout.app_info(app.name.str()));
        write_plainly(layout.image_manifest(app.name.str()), store.manifest_text(app.image.id.value()),
                      secret);
        lines += image_line(app);
    }
    write_plainly(layout.apps(), lines);
    write_plainly(layout.manifest(), manifest.json().compact(), secret);
    write_plainly(layout.stage1_manifest(), stage1.manifest, secret);
    write_plainly(layout.stage1_source(), stage1.tree.native() + "\n", secret);
}

std::vector<ImageId> images_of(const PodManifest& manifest) {
    std::vector<ImageId> ids;
    ids.reserve(manifest.apps.size());
    for (const RuntimeApp& app : manifest.apps)
        ids.push_back(app.image.id.value());
    return ids;
}

// Makes what `make` makes of the pod, or removes the pod.
template <class Make>
void make_or_discard(const Pods& pods, Store& store, PodLock& pod, Make make) {
    try {
        make();
    } catch (const std::exception&) {
        discard_pod(pods, store, std::move(pod));
        throw;
    }
}

} // namespace

PodLock prepare(const Pods& pods, Store& store, const PodManifest& manifest, const Stage1& stage1,
                const PrepareOptions& options) {
    if (options.name)
        check_pod_name(*options.name);
    pods.make_places();
    PodLock pod = pods.create(options.uuid);
    make_or_discard(pods, store, pod, [&] {
        if (options.uuid_file)
            write_plainly(*options.uuid_file, pod.uuid().str() + "\n");
        if (options.name)
            pods.claim_name(pod, *options.name);
        store.pin(pod.uuid(), images_of(manifest));
        pods.move(pod, PodPlace::Prepare);
        write_pod(pod.layout(), store, manifest, stage1, pod.uuid());
    });
    return pod;
}

void finish_preparing(const Pods& pods, PodLock pod) {
    sync_file_system(pod.fd(), pod.layout().dir);
    pods.move(pod, PodPlace::Prepared);
    sync_dir(pod.layout().dir.parent_path());
}

} // namespace rkt
