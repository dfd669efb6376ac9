// SPDX-License-Identifier: Apache-2.0

#include "stage0/compose.h"

#include "appc/isolator-words.h"
#include "appc/path.h"
#include "base/error.h"
#include "pod/stream-modes.h"

#include <algorithm>

namespace rkt {

namespace {

Environment compose_environment(const App& image, const AppOptions& options, const PodOptions& pod) {
    Environment all = pod.inherited;
    override_environment(all, image.environment);
    override_environment(all, pod.environment);
    override_environment(all, options.environment);
    return all;
}

template <class T>
void replace(T& value, const std::optional<T>& given) {
    if (given)
        value = *given;
}

void add_all(std::map<std::string, std::string>& all, const std::map<std::string, std::string>& given) {
    for (const auto& [key, value] : given)
        all[key] = value;
}

App compose_app(const AppRequest& request, const PodOptions& pod) {
    const AppOptions& options = request.options;
    App app = request.manifest.app.value_or(App{.user = "0", .group = "0"});
    if (options.exec)
        app.exec = {*options.exec};
    if (options.replaces_arguments && !options.arguments.empty() && !app.exec.empty())
        app.exec.resize(1);
    app.exec.insert(app.exec.end(), options.arguments.begin(), options.arguments.end());
    if (app.exec.empty())
        throw Error("composing a pod of {}: the image names nothing to execute; say what with --exec",
                    request.manifest.name);
    replace(app.user, options.user);
    replace(app.group, options.group);
    replace(app.supplementary_gids, options.supplementary_gids);
    replace(app.working_directory, options.working_directory);
    app.environment = compose_environment(app, options, pod);
    for (const Isolator& isolator : options.isolators)
        replace_isolator(app.isolators, isolator);
    add_all(app.user_annotations, options.user_annotations);
    add_all(app.user_labels, options.user_labels);
    return app;
}

void add_volume(PodManifest& pod, const Volume& volume) {
    const Volume* there = find_named(pod.volumes, volume.name.str());
    if (there == nullptr)
        pod.volumes.push_back(volume);
    else if (!(*there == volume))
        throw Error("composing a pod: it has another volume {} already: {}", volume.name, there->str());
}

bool is_mounted(const PodManifest& pod, const Volume& volume) {
    return std::ranges::any_of(pod.apps, [&](const RuntimeApp& app) {
        return std::ranges::find(app.mounts, volume.name, &Mount::volume) != app.mounts.end();
    });
}

bool has_mount_at(const std::vector<Mount>& mounts, const std::string& path) {
    return std::ranges::find(mounts, path, &Mount::path) != mounts.end();
}

// The app's own mounts, then those of all apps: of two at one place the first counts.
std::vector<Mount> compose_mounts(const AppOptions& options, const PodOptions& pod) {
    std::vector<Mount> mounts;
    for (const std::vector<Mount>* list : {&options.mounts, &pod.mounts})
        for (const Mount& mount : *list)
            if (!has_mount_at(mounts, mount.path))
                mounts.push_back(mount);
    return mounts;
}

RuntimeApp compose_runtime_app(const AppRequest& request, const PodOptions& pod) {
    const AppOptions& options = request.options;
    AcName name = options.name ? AcName::parse(*options.name) : app_name_of(request.manifest.name);
    RuntimeApp app = {.name = std::move(name), .image = {.id = request.image}};
    app.image.name = request.manifest.name;
    app.image.labels = request.manifest.labels;
    app.app = compose_app(request, pod);
    app.read_only_rootfs = options.read_only_rootfs;
    app.mounts = compose_mounts(options, pod);
    app.annotations = options.annotations;
    return app;
}

// A mount point that nothing was said about gets the volume of its name, or an empty one of its own.
void satisfy(PodManifest& pod, RuntimeApp& app, const MountPoint& point, std::vector<std::string>& warnings) {
    if (has_mount_at(app.mounts, point.path))
        return;
    AcName volume = point.name;
    if (find_named(pod.volumes, volume.str()) == nullptr) {
        volume = AcName::nearest(fmt::format("{}-{}", app.name, point.name));
        warnings.push_back(
            fmt::format("app {}: nothing is said of the mount point {}: an empty volume, {}, is "
                        "mounted at {}",
                        app.name, point.name, volume, point.path));
        put_named(pod.volumes, Volume{.name = volume, .kind = Volume::Kind::Empty});
    }
    app.mounts.push_back({.volume = volume, .path = point.path});
}

void check_names(const PodManifest& pod) {
    for (auto app = pod.apps.begin(); app != pod.apps.end(); ++app)
        if (std::ranges::find(app + 1, pod.apps.end(), app->name, &RuntimeApp::name) != pod.apps.end())
            throw Error(
                "composing a pod: two apps are called {}; name one of them with --name behind its image",
                app->name);
}

void check_nesting(const RuntimeApp& app) {
    for (auto mount = app.mounts.begin(); mount != app.mounts.end(); ++mount)
        for (auto other = mount + 1; other != app.mounts.end(); ++other)
            if (are_nested(mount->path, other->path))
                throw Error("composing a pod: app {}: the mounts at {} and {} lie in each other (ACE-27)",
                            app.name, mount->path, other->path);
}

void check_streams(const RuntimeApp& app) {
    try {
        stream_modes_of(app.annotations);
    } catch (Error& error) {
        error.during("composing a pod: app {}", app.name);
        throw;
    }
}

void check_exposed(const PodManifest& pod) {
    for (const ExposedPort& port : pod.ports) {
        auto has = [&](const RuntimeApp& app) {
            return app.app && find_named(app.app->ports, port.name.str());
        };
        if (!port.pod_port && std::ranges::none_of(pod.apps, has))
            throw Error("composing a pod: no app has a port called {}", port.name);
    }
}

} // namespace

AcName app_name_of(const AcIdentifier& image_name) {
    const std::string& name = image_name.str();
    return AcName::nearest(std::string_view(name).substr(name.find_last_of('/') + 1));
}

EnvironmentVariable parse_variable(std::string_view text) {
    auto equals = text.find('=');
    if (equals == std::string_view::npos)
        throw Error("\"{}\" is not NAME=VALUE", text);
    return {.name = EnvironmentName::parse(text.substr(0, equals)),
            .value = std::string(text.substr(equals + 1))};
}

void override_environment(Environment& environment, const Environment& stronger) {
    for (const EnvironmentVariable& variable : stronger)
        put_named(environment, variable);
}

void make_interactive(PodManifest& pod, bool terminal) {
    if (pod.apps.size() != 1)
        throw UsageError("--interactive is for a pod of one app, and there are {}", pod.apps.size());
    Annotations& annotations = pod.apps.front().annotations;
    std::string mode(str(terminal ? StreamMode::Tty : StreamMode::Stream));
    for (std::string_view name : {stdin_annotation, stdout_annotation, stderr_annotation}) {
        if (find_annotation(annotations, name) != nullptr)
            throw UsageError(
                "--interactive says what the app reads and writes, and so do --stdin, --stdout and "
                "--stderr");
        put_named(annotations, Annotation{.name = AcIdentifier::parse(name), .value = mode});
    }
}

Examined<PodManifest> complete(PodManifest pod, const std::vector<ImageManifest>& images) {
    std::vector<std::string> warnings;
    for (std::size_t i = 0; i < pod.apps.size(); ++i) {
        RuntimeApp& app = pod.apps[i];
        if (!app.app && !images[i].app)
            throw Error("composing a pod: app {}: neither the pod nor its image says what to run", app.name);
        for (const MountPoint& point : (app.app ? *app.app : *images[i].app).mount_points)
            satisfy(pod, app, point, warnings);
        check_nesting(app);
        check_streams(app);
    }
    check_exposed(pod);
    Examined<PodManifest> examined = PodManifest::examine(pod.str());
    warnings.insert(warnings.end(), examined.warnings.begin(), examined.warnings.end());
    return {std::move(examined.value), std::move(warnings)};
}

Examined<PodManifest> compose(const std::vector<AppRequest>& requests, const PodOptions& options) {
    PodManifest pod = {
        .volumes = options.volumes, .annotations = options.annotations, .ports = options.ports};
    std::vector<ImageManifest> images;
    for (const AppRequest& request : requests) {
        pod.apps.push_back(compose_runtime_app(request, options));
        images.push_back(request.manifest);
    }
    check_names(pod);
    return complete(std::move(pod), images);
}

Examined<PodManifest> compose_with(PodManifest pod, const AppRequest& request, const PodOptions& options) {
    for (const Volume& volume : options.volumes)
        add_volume(pod, volume);
    pod.apps.push_back(compose_runtime_app(request, options));
    const AcName& name = pod.apps.back().name;
    if (std::ranges::count(pod.apps, name, &RuntimeApp::name) > 1)
        throw Error("composing a pod: it has an app {} already; name this one with --name", name);
    if (stream_modes_of(pod.apps.back().annotations).carried())
        throw Error(
            "composing a pod: app {}: stream and tty of --stdin, --stdout and --stderr are for apps that "
            "their pod starts with",
            name);
    // Of the others the images are not asked: what they are the pod says itself.
    std::vector<ImageManifest> images(pod.apps.size(), request.manifest);
    return complete(std::move(pod), images);
}

PodManifest compose_without(PodManifest pod, std::string_view app) {
    std::erase_if(pod.apps, [&](const RuntimeApp& each) { return each.name == app; });
    std::erase_if(pod.volumes, [&](const Volume& volume) { return !is_mounted(pod, volume); });
    return pod;
}

} // namespace rkt
