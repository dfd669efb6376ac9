// SPDX-License-Identifier: Apache-2.0
//
// For tests: images put into a store as a fetch does, with files that hold the image's name.

#pragma once

#include "os/file.h"
#include "store/draft.h"
#include "store/layout.h"

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
    Store store = Store::open(data_dir);
    Draft draft = Draft::make(store);
    draft.layer().make_dir("rootfs", 0755);
    for (const std::string& file : image.files) {
        auto path = draft.layer().path() / "rootfs" / file;
        std::filesystem::create_directories(path.parent_path());
        write_plainly(path, image.name);
    }
    if (!image.implied.empty())
        write_plainly(draft.layer().path() / store_layout::layer_implied, image.implied + '\0');
    std::string manifest = R"({"acKind": "ImageManifest", "acVersion": "0.8.11", "name": ")" + image.name +
                           "\"" + image.more + "}";
    draft.publish(
        store,
        {.id = id, .manifest = manifest, .source = {.name = image.name, .retrieved = image.retrieved}});
    return id;
}

} // namespace rkt::test
