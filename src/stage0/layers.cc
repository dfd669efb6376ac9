// SPDX-License-Identifier: Apache-2.0

#include "stage0/layers.h"

#include "base/text.h"
#include "os/file.h"
#include "os/process.h"

namespace rkt {

namespace {} // namespace

Stack stack_of(const Store& store, const ImageId& id, const ImageManifest& manifest,
               const std::filesystem::path& renderer) {
    if (is_plain(manifest))
        return plain_stack(store, id);
    return Stack::parse(
        output_of({.program = renderer, .arguments = {"stack", store.data_dir().native(), id.str()}}));
}

void write_layers(const PodLayout& pod, const std::string& app,
                  const std::vector<std::filesystem::path>& layers) {
    std::string lines;
    for (const std::filesystem::path& layer : layers)
        lines.append(layer).append("\n");
    write_plainly(pod.app_layers(app), lines, secret_mode);
}

AppLayers read_layers(const PodLayout& pod, const std::string& app, const std::filesystem::path& data_dir) {
    AppLayers result = {.app = app, .layers = {}};
    std::string lines = read_file(pod.app_layers(app));
    for (std::string_view line : split(lines, '\n'))
        if (!line.empty())
            result.layers.push_back(data_dir / line);
    return result;
}

std::vector<AppLayers> layers_of(const PodLayout& pod, const std::vector<PodApp>& apps,
                                 const std::filesystem::path& data_dir) {
    std::vector<AppLayers> layers;
    layers.reserve(apps.size());
    for (const PodApp& app : apps)
        layers.push_back(read_layers(pod, app.name, data_dir));
    return layers;
}

} // namespace rkt
