// SPDX-License-Identifier: Apache-2.0
//
// What a pod keeps of the image of one of its apps.

#pragma once

#include "appc/pod-manifest.h"
#include "stage0/layers.h"

#include <filesystem>
#include <string>

namespace rkt {

struct AppImage {
    std::string manifest; // as it is in the image
    Stack stack;
};

// As the store has it; `renderer` is asked as stack_of() does.
AppImage app_image_of(const Store& store, const ImageId& id, const std::filesystem::path& renderer);

// Makes the directory of the app, or is content with the one that is there.
void write_app_image(const PodLayout& layout, const std::string& app, const AppImage& image);

// The app's line of PodLayout::apps().
std::string app_line(const RuntimeApp& app);

} // namespace rkt
