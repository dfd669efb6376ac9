// SPDX-License-Identifier: Apache-2.0

#include "stage0/export.h"

#include "base/error.h"
#include "base/text.h"
#include "os/dir.h"
#include "os/file.h"
#include "os/mount.h"
#include "os/process.h"
#include "stage0/layers.h"

namespace rkt {

namespace {

// Where the packer finds what it works on: see cmd-image/pack.cc.
constexpr int root_fd = 3;
constexpr int manifest_fd = 4;

// Nobody changes or removes the pod while the lock lives.
Lock hold_exited(const Pods& pods, const Pod& pod) {
    if (pod.state != PodState::Exited && pod.state != PodState::ExitedGarbage)
        throw Error("exporting the pod {}: it is {}, and only what has exited can be exported", pod.uuid,
                    str(pod.state));
    std::optional<Lock> lock = pods.try_hold(pod);
    if (!lock)
        throw Error("exporting the pod {}: someone else is removing it", pod.uuid);
    return std::move(*lock);
}

// Everything is mounted to be read, also what the app has written: looking at a pod changes nothing in it.
std::filesystem::path mount_app(const Pod& pod, const std::filesystem::path& data_dir,
                                const std::string& app) {
    std::filesystem::path upper = pod.layout.app_overlay(app) / "upper";
    if (!std::filesystem::exists(upper))
        throw Error("exporting the pod {}: it was ended before its app {} had a root of its own", pod.uuid,
                    app);
    std::vector<std::filesystem::path> layers = read_layers(pod.layout, app, data_dir).layers;
    layers.insert(layers.begin(), upper);
    enter_private_mounts();
    mount_overlay_to_read(layers, pod.layout.stage1_rootfs());
    return pod.layout.stage1_rootfs();
}

} // namespace

int export_app(const Pods& pods, const Pod& pod, const std::filesystem::path& data_dir,
               const ExportOptions& options) {
    Lock lock = hold_exited(pods, pod);
    std::optional<Fd> manifest = find_file(pod.layout.image_manifest(options.app));
    if (!manifest)
        throw Error("exporting the pod {}: the manifest of its app {} is gone", pod.uuid, options.app);
    Dir root = Dir::open(mount_app(pod, data_dir, options.app));
    Command packer = {
        .program = options.packer,
        .arguments = {"pack", options.target, options.overwrite ? "overwrite" : "keep"},
        .descriptors = {{root.fd(), root_fd}, {manifest->get(), manifest_fd}},
    };
    if (std::optional<std::string> users = read_file_if_any(pod.layout.user_range()))
        packer.arguments.emplace_back(trim(*users));
    return Child::spawn(packer).wait();
}

} // namespace rkt
