// SPDX-License-Identifier: Apache-2.0

#include "stage0/compose.h"

#include "base/error.h"

namespace rkt {

namespace {

App compose_app(const AppRequest& request) {
    App app = request.manifest.app.value_or(App{.user = "0", .group = "0"});
    if (request.exec)
        app.exec = {*request.exec};
    app.exec.insert(app.exec.end(), request.arguments.begin(), request.arguments.end());
    if (app.exec.empty())
        throw Error("composing a pod of {}: the image names nothing to execute; say what with --exec",
                    request.manifest.name);
    return app;
}

RuntimeApp compose_runtime_app(const AppRequest& request) {
    AcName name = request.name ? AcName::parse(*request.name) : app_name_of(request.manifest.name);
    RuntimeApp app = {.name = std::move(name), .image = {.id = request.image}};
    app.image.name = request.manifest.name;
    app.image.labels = request.manifest.labels;
    app.app = compose_app(request);
    return app;
}

} // namespace

AcName app_name_of(const AcIdentifier& image_name) {
    const std::string& name = image_name.str();
    return AcName::nearest(std::string_view(name).substr(name.find_last_of('/') + 1));
}

PodManifest compose(const std::vector<AppRequest>& requests) {
    PodManifest pod;
    for (const AppRequest& request : requests) {
        RuntimeApp app = compose_runtime_app(request);
        if (find_named(pod.apps, app.name.str()) != nullptr)
            throw Error(
                "composing a pod: two apps are called {}; name one of them with --name behind its image",
                app.name);
        pod.apps.push_back(std::move(app));
    }
    return pod;
}

} // namespace rkt
