// SPDX-License-Identifier: Apache-2.0

#include "stage0/change.h"

#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "os/dir.h"
#include "os/file.h"
#include "pod/record.h"
#include "pod/settings.h"
#include "stage0/app-image.h"
#include "stage0/control.h"
#include "stage0/metadata.h"
#include "stage0/ports.h"

#include <algorithm>
#include <set>

namespace rkt {

namespace {

namespace fs = std::filesystem;

// A pod that nobody else changes as long as this lives.
class Change {
public:
    Change(const Pods& pods, const Pod& pod);

    const Pod& pod() const noexcept { return pod_; }
    const PodManifest& manifest() const noexcept { return manifest_; }
    bool is_running() const noexcept { return pod_.state == PodState::Running; }

    // What stage1 and all apps use, those that are not yet the pod's among them.
    Pin pin() const;

    // Writes the manifest.
    void write(PodManifest manifest);

    // Writes the list of the apps: those of the manifest.
    void list_apps() const;
    void unlist(const std::string& app) const;

    // Takes apart what an app has, and has had.
    void take_apart(const std::string& app, bool strictly);

    // Apps that never became the pod's, or that are not any more.
    void sweep();

private:
    Lock lock_;
    Pod pod_;
    std::optional<Lock> hold_ = {}; // of a pod that has ended: it is not collected
    PodManifest manifest_;
};

// As it is now: whoever held the lock may have taken long.
Pod find_again(const Pods& pods, const Pod& pod) {
    std::optional<Pod> found = pods.find(pod.uuid);
    if (!found || found->place != PodPlace::Run)
        throw Error("changing the pod {}: it is {}", pod.uuid,
                    found ? std::string(str(found->state)) : "not there any more");
    return *found;
}

Change::Change(const Pods& pods, const Pod& pod)
    : lock_(Lock::take(pod.layout.app_infos(), LockMode::Exclusive)), pod_(find_again(pods, pod)),
      manifest_(PodManifest::parse(read_file(pod_.layout.manifest()))) {
    if (is_running())
        return;
    hold_ = pods.try_hold(pod_);
    if (!hold_)
        throw Error("changing the pod {}: someone else is removing it", pod.uuid);
}

Pin Change::pin() const {
    std::vector<fs::path> files = {pod_.layout.stage1_pin()};
    for (const RuntimeApp& app : manifest_.apps)
        files.push_back(pod_.layout.app_pin(app.name.str()));
    Pin pin;
    for (const fs::path& file : files)
        if (auto text = read_file_if_any(file))
            pin.add(Pin::parse(*text));
    return pin;
}

void Change::write(PodManifest manifest) {
    write_atomically(pod_.layout.manifest(), manifest.str(), secret_mode);
    manifest_ = std::move(manifest);
}

void Change::list_apps() const {
    std::string lines;
    for (const RuntimeApp& app : manifest_.apps)
        lines += app_line(app);
    write_atomically(pod_.layout.apps(), lines);
}

void remove_lines(const fs::path& file, const std::string& app) {
    std::string text = read_file_if_any(file).value_or("");
    std::string lines;
    for (std::string_view line : split(text, '\n'))
        if (!line.empty() && !line.starts_with(app + " "))
            lines.append(line).append("\n");
    if (lines != text)
        write_atomically(file, lines);
}

void Change::unlist(const std::string& app) const {
    remove_lines(pod_.layout.apps(), app);
}

void remove_tree(const fs::path& path) {
    if (std::optional<Dir> above = Dir::find(path.parent_path()))
        above->remove_tree(path.filename());
}

void call_rm(const Pod& pod, const std::string& app, bool strictly) {
    try {
        if (int status = Child::spawn(app_command(pod, "app/rm", app)).wait(); status != 0)
            throw Error("removing the app {} of the pod {}: its stage1 ended with status {}", app, pod.uuid,
                        status);
    } catch (const Error& error) {
        if (strictly)
            throw;
        trace("{}", error.what());
    }
}

void Change::take_apart(const std::string& app, bool strictly) {
    const PodLayout& layout = pod_.layout;
    if (is_running())
        call_rm(pod_, app, strictly);
    PodManifest rest = compose_without(manifest_, app);
    for (const Volume& volume : manifest_.volumes)
        if (find_named(rest.volumes, volume.name.str()) == nullptr)
            remove_tree(layout.volume(volume.name.str())); // of the kind empty, or nothing
    for (const fs::path& file : {layout.status(app), layout.app_started(app), layout.app_filter(app)})
        remove_record(layout, file);
    for (const fs::path& path : {layout.app_overlay(app), layout.app_info(app)})
        remove_tree(path);
    remove_lines(layout.isolators(), app);
    if (is_running())
        republish_metadata(layout, rest);
    write_ports(rest, layout);
    write(std::move(rest)); // last: as long as something is there it is known
}

void Change::sweep() {
    std::set<std::string> listed;
    for (const PodApp& app : pod_.apps())
        listed.insert(app.name);
    for (const std::string& name : names_of(manifest_.apps))
        if (!listed.contains(name))
            take_apart(name, true);
}

void call_add(const Pod& pod, const AppLayers& layers) {
    constexpr int root_number = 3;
    DetachedMount root = mount_app(pod.layout, layers, users_of(pod.layout));
    Command command = app_command(pod, "app/add", layers.app);
    command.arguments.push_back("--uuid=" + pod.uuid.str());
    command.descriptors = {{root.fd(), root_number}};
    command.environment->push_back(fmt::format("RKT_STAGE1_APP_ROOT={}", root_number));
    if (int status = Child::spawn(command).wait(); status != 0)
        throw Error("adding the app {} to the pod {}: its stage1 ended with status {}", layers.app, pod.uuid,
                    status);
}

void write_app(const PodLayout& layout, const std::string& app, const AppImage& image) {
    write_app_image(layout, app, image);
    write_atomically(layout.app_pin(app), image.stack.uses.str(), secret_mode);
}

} // namespace

void check_changeable(const Pod& pod) {
    PodManifest manifest = PodManifest::parse(read_file(pod.layout.manifest()));
    if (!is_mutable(manifest.annotations))
        throw Error(
            "changing the pod {}: its apps are what they were when it was made; only a pod of rkt app "
            "sandbox can be changed",
            pod.uuid);
}

void add_app(const Pods& pods, Store store, const Pod& pod, const AppRequest& request,
             const PodOptions& options, const fs::path& renderer) {
    check_changeable(pod);
    Change change(pods, pod);
    if (!change.is_running())
        throw Error("adding an app to the pod {}: it is {}, not running", pod.uuid, str(change.pod().state));
    change.sweep();
    Examined<PodManifest> composed = compose_with(change.manifest(), request, options);
    for (const std::string& warning : composed.warnings)
        warn("{}", warning);
    std::string app = composed.value.apps.back().name.str();
    AppImage image = app_image_of(store, request.image, renderer);
    Pin pin = change.pin();
    pin.add(image.stack.uses);
    const PodLayout& layout = change.pod().layout;
    try {
        store.pin(pod.uuid, pin);
        change.write(std::move(composed.value));
        write_app(layout, app, image);
        republish_metadata(layout, change.manifest());
        call_add(change.pod(), read_layers(layout, app, store.data_dir()));
        write_ports(change.manifest(), layout);
        change.list_apps();
    } catch (const std::exception&) {
        change.take_apart(app, false);
        store.pin(pod.uuid, change.pin());
        throw;
    }
}

void remove_app(const Pods& pods, const fs::path& data_dir, const Pod& pod, const std::string& app) {
    check_changeable(pod);
    Change change(pods, pod);
    change.sweep();
    if (find_named(change.manifest().apps, app) == nullptr)
        throw Error("looking for the app {}: the pod {} has none of this name", app, pod.uuid);
    if (change.is_running())
        control_app(change.pod(), AppAction::Stop, app);
    change.unlist(app);
    change.take_apart(app, true);
    Store::open(data_dir).pin(pod.uuid, change.pin());
}

} // namespace rkt
