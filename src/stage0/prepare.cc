// SPDX-License-Identifier: Apache-2.0

#include "stage0/prepare.h"

#include "base/error.h"
#include "base/log.h"
#include "os/file.h"
#include "os/umask.h"
#include "stage0/app-image.h"
#include "stage0/collect.h"

#include <fcntl.h>

namespace rkt {

namespace {

void make_secret_dir(const std::filesystem::path& dir) {
    std::filesystem::create_directory(dir);
    std::filesystem::permissions(dir, std::filesystem::perms::owner_all);
}

std::vector<AppImage> images_of(const Store& store, const PodManifest& manifest,
                                const std::filesystem::path& renderer) {
    std::vector<AppImage> images;
    images.reserve(manifest.apps.size());
    for (const RuntimeApp& app : manifest.apps)
        images.push_back(app_image_of(store, app.image.id.value(), renderer));
    return images;
}

Pin pin_of(const std::vector<AppImage>& images, const Stage1& stage1) {
    Pin pin = stage1.uses;
    for (const AppImage& image : images)
        pin.add(image.stack.uses);
    return pin;
}

void write_pod(const PodLayout& layout, const PodManifest& manifest, const std::vector<AppImage>& images,
               const Stage1& stage1, const Uuid& uuid) {
    for (const char* dir : {"appsinfo", "stage1", "overlay", "journal"})
        make_secret_dir(layout.dir / dir);
    std::filesystem::create_directory(layout.journal() / uuid.machine_id());
    std::string lines;
    for (std::size_t i = 0; i < manifest.apps.size(); ++i) {
        write_app_image(layout, manifest.apps[i].name.str(), images[i]);
        lines += app_line(manifest.apps[i]);
    }
    write_plainly(layout.apps(), lines);
    write_plainly(layout.manifest(), manifest.json().compact(), secret_mode);
    write_plainly(layout.stage1_manifest(), stage1.manifest, secret_mode);
    if (std::string pin = stage1.uses.str(); !pin.empty())
        write_plainly(layout.stage1_pin(), pin, secret_mode);
    write_plainly(layout.stage1_source(), stage1.root.native() + "\n", secret_mode);
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
    std::vector<AppImage> images = images_of(store, manifest, options.renderer);
    pods.make_places();
    PodLock pod = pods.create(options.uuid);
    make_or_discard(pods, store, pod, [&] {
        if (options.uuid_file) {
            Umask theirs(options.umask);
            write_plainly(*options.uuid_file, pod.uuid().str() + "\n");
        }
        if (options.name)
            pods.claim_name(pod, *options.name);
        store.pin(pod.uuid(), pin_of(images, stage1));
        pods.move(pod, PodPlace::Prepare);
        write_pod(pod.layout(), manifest, images, stage1, pod.uuid());
        if (!options.launch_flags.empty())
            write_plainly(pod.layout().launch_flags(), options.launch_flags, secret_mode);
    });
    return pod;
}

void finish_preparing(const Pods& pods, PodLock pod) {
    sync_file_system(pod.fd(), pod.layout().dir);
    pods.move(pod, PodPlace::Prepared);
    sync_dir(pod.layout().dir.parent_path());
}

} // namespace rkt
