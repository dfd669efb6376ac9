// SPDX-License-Identifier: Apache-2.0

#include "stage0/app-image.h"

#include "os/file.h"

namespace rkt {

namespace {} // namespace

AppImage app_image_of(const Store& store, const ImageId& id, const std::filesystem::path& renderer) {
    std::string text = store.manifest_text(id);
    Stack stack = stack_of(store, id, ImageManifest::parse(text), renderer);
    return {.manifest = std::move(text), .stack = std::move(stack)};
}

void write_app_image(const PodLayout& layout, const std::string& app, const AppImage& image) {
    std::filesystem::create_directory(layout.app_info(app));
    write_layers(layout, app, image.stack.layers);
    write_plainly(layout.image_manifest(app), image.manifest, secret_mode);
}

std::string app_line(const RuntimeApp& app) {
    std::string name = app.image.name ? app.image.name->str() : "-";
    if (const std::string* version = find_label(app.image.labels, "version"))
        name += ":" + *version;
    return fmt::format("{} {} {}\n", app.name, app.image.id.value(), name);
}

} // namespace rkt
