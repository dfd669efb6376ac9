// SPDX-License-Identifier: Apache-2.0
//
// For tests: images put into a store as a fetch does, but without waiting for the disk, with files that hold
// the image's name.

#pragma once

#include "os/file.h"
#include "store/layout.h"
#include "store/store.h"

#include <filesystem>
#include <string>
#include <vector>

namespace rkt::test {

struct TestImage {
    std::string name;
    std::vector<std::string> files = {};
    std::string more = {}; // members of the manifest
    std::string implied = {};
    std::uint64_t retrieved = 0;
};

inline ImageId put_image(const std::filesystem::path& data_dir, const TestImage& image) {
    std::string digest;
    for (char c : image.name)
        digest += fmt::format("{:02x}", static_cast<unsigned char>(c));
    digest.resize(ImageId::digest_size * 2, '0');
    ImageId id = ImageId::parse("sha512-" + digest);
    namespace layout = store_layout;
    (void)Store::open(data_dir); // makes its directories
    auto layer = data_dir / layout::layers / id.str();
    std::filesystem::create_directories(layer / layout::layer_rootfs);
    for (const std::string& file : image.files) {
        auto path = layer / layout::layer_rootfs / file;
        std::filesystem::create_directories(path.parent_path());
        write_plainly(path, image.name);
    }
    if (!image.implied.empty())
        write_plainly(layer / layout::layer_implied, image.implied + '\0');
    std::string manifest = R"({"acKind": "ImageManifest", "acVersion": "0.8.11", "name": ")" + image.name +
                           "\"" + image.more + "}";
    auto dir = data_dir / layout::images / id.str();
    std::filesystem::create_directories(dir);
    write_plainly(dir / layout::image_manifest, manifest);
    write_plainly(dir / layout::image_layers, id.str() + "\n");
    ImageSource source = {.name = image.name, .retrieved = image.retrieved};
    write_plainly(dir / layout::image_source, source.json());
    return id;
}

} // namespace rkt::test
