// SPDX-License-Identifier: Apache-2.0

#include "store/stack.h"

#include "base/error.h"
#include "store/layout.h"

namespace rkt {

namespace {

constexpr std::string_view root_word = "root ";

} // namespace

Stack Stack::parse(std::string_view text) {
    Stack stack;
    while (text.starts_with(root_word)) {
        std::size_t end = text.find('\n');
        if (end == std::string_view::npos)
            throw Error("it is cut off");
        stack.layers.emplace_back(text.substr(root_word.size(), end - root_word.size()));
        text.remove_prefix(end + 1);
    }
    stack.uses = Pin::parse(text);
    return stack;
}

std::string Stack::str() const {
    std::string text;
    for (const std::filesystem::path& layer : layers)
        text.append(root_word).append(layer).append("\n");
    return text + uses.str();
}

bool is_plain(const ImageManifest& manifest) noexcept {
    return manifest.dependencies.empty() && manifest.path_whitelist.empty();
}

Stack plain_stack(const Store& store, const ImageId& id) {
    Stack stack = {.layers = {}, .uses = {.images = {id.str()}}};
    for (const std::string& digest : store.layer_digests(id)) {
        stack.layers.push_back(layer_root(digest));
        stack.uses.layers.insert(digest);
    }
    return stack;
}

std::filesystem::path layer_root(const std::string& digest) {
    return std::filesystem::path(store_layout::layers) / digest / store_layout::layer_rootfs;
}

} // namespace rkt
