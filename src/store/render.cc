// SPDX-License-Identifier: Apache-2.0

#include "store/render.h"

#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "os/file.h"
#include "store/chain.h"
#include "store/layout.h"
#include "store/workplace.h"
#include "wrap/hash.h"

#include <algorithm>
#include <cerrno>
#include <set>

#include <sys/stat.h>

namespace rkt {

namespace layout = store_layout;

namespace {

// What overlayfs is told about its layers has to fit on a page.
constexpr std::size_t most_stacked = 128;

// As much as the paths of a layer's implied directories may take.
constexpr std::size_t longest_list = 256 << 20;

constexpr const char* tree_name = "tree";

// A layer at its place in the order.
struct Part {
    std::string digest;
    std::size_t filter = 0;
    bool over_own = false; // over another layer of the same image
    std::string key = {};  // of what it contributes
};

// Lowest first, and of equal ones only the uppermost.
struct Parts {
    std::vector<Part> list;
    std::vector<PathFilter> filters;
};

std::string filter_key(const PathFilter& filter) {
    if (!filter)
        return "all";
    std::string paths;
    for (const std::string& path : *filter)
        paths.append(path).push_back('\0');
    return hash_hex(HashKind::Sha512, paths);
}

// Whiteouts of an image mean its own layers, and would hide what lies below it as well.
void refuse_layers_over_images(const std::vector<std::string>& digests, const ChainImage& image,
                               const std::vector<Part>& below) {
    if (digests.size() > 1 && !below.empty())
        throw Error("image {} has several layers and lies over another image, which is not supported",
                    image.name);
}

std::vector<Part> uppermost_of(const std::vector<Part>& parts) {
    std::set<std::string> seen;
    std::vector<Part> result;
    for (auto part = parts.rbegin(); part != parts.rend(); ++part)
        if (seen.insert(part->key).second)
            result.push_back(*part);
    std::ranges::reverse(result);
    return result;
}

Parts parts_of(const Store& store, ImageChain chain) {
    std::vector<std::string> keys;
    for (const PathFilter& filter : chain.filters)
        keys.push_back(filter_key(filter));
    std::vector<Part> parts;
    for (const ChainImage& image : chain.images) {
        std::vector<std::string> digests = store.layer_digests(image.id);
        refuse_layers_over_images(digests, image, parts);
        for (auto digest = digests.rbegin(); digest != digests.rend(); ++digest) {
            bool over_own = *digest != digests.back();
            parts.push_back(
                {.digest = *digest,
                 .filter = image.filter,
                 .over_own = over_own,
                 .key = fmt::format("{} {} {}", *digest, over_own ? "over" : "alone", keys[image.filter])});
        }
    }
    return {.list = uppermost_of(parts), .filters = std::move(chain.filters)};
}

std::set<std::string> read_implied(const Store& store, const std::string& digest) {
    std::set<std::string> implied;
    auto file = store.data_dir() / layout::layers / digest / layout::layer_implied;
    std::string text = read_file_if_any(file, longest_list).value_or("");
    if (text.ends_with('\0'))
        text.pop_back();
    else if (text.empty())
        return implied;
    for (std::string_view path : split(text, '\0'))
        implied.emplace(path);
    return implied;
}

bool has_implied(const Store& store, const Part& part) {
    return std::filesystem::exists(store.data_dir() / layout::layers / part.digest / layout::layer_implied);
}

bool can_be_stacked(const Store& store, const Parts& parts) {
    auto is_filtered = [&](const Part& part) { return parts.filters[part.filter].has_value(); };
    return parts.list.size() <= most_stacked && std::ranges::none_of(parts.list, is_filtered) &&
           (parts.list.empty() || std::none_of(parts.list.begin() + 1, parts.list.end(),
                                               [&](const Part& part) { return has_implied(store, part); }));
}

void render(const Store& store, const Parts& parts, const Dir& root) {
    Rendering rendering(root.open_plain("."));
    for (const Part& part : parts.list) {
        Dir layer = Dir::open(store.data_dir() / layer_root(part.digest));
        rendering.apply({.root = std::move(layer),
                         .implied = read_implied(store, part.digest),
                         .over_own = part.over_own},
                        parts.filters[part.filter]);
    }
    rendering.finish();
}

std::string tree_digest(const Parts& parts) {
    std::string text = "tree 1\n";
    for (const Part& part : parts.list)
        text.append(part.key).append("\n");
    return "sha512-" + hash_hex(HashKind::Sha512, text);
}

// Whole or not at all; what somebody else has rendered meanwhile is as good.
void make_tree(const Store& store, const Parts& parts, const std::string& digest, const Pin& uses) {
    Workplace place = Workplace::make(store.data_dir(), "render");
    place.dir().make_dir(tree_name, 0700);
    Dir tree = place.dir().open_plain(tree_name);
    tree.make_dir(layout::tree_rootfs, 0755);
    render(store, parts, tree.open_plain(layout::tree_rootfs));
    std::string images;
    for (const std::string& image : uses.images)
        images.append(image).append("\n");
    write_fully(tree.make_file(layout::tree_images, 0600).get(), images, layout::tree_images);
    sync_file_system(tree.fd(), tree.path());
    Dir trees = Dir::open(store.data_dir() / layout::trees);
    if (place.dir().rename_if_free(tree_name, trees, digest))
        trees.sync();
}

Stack make_rendered(const Store& store, const Parts& parts, Pin uses) {
    std::string digest = tree_digest(parts);
    std::filesystem::path rootfs = std::filesystem::path(layout::trees) / digest / layout::tree_rootfs;
    if (!std::filesystem::exists(store.data_dir() / rootfs)) {
        trace("rendering {} layers into {}", parts.list.size(), rootfs);
        make_tree(store, parts, digest, uses);
    }
    uses.trees.insert(digest);
    return {.layers = {rootfs}, .uses = std::move(uses)};
}

Stack stack_parts(const Parts& parts, Pin uses) {
    std::vector<std::filesystem::path> layers;
    for (auto part = parts.list.rbegin(); part != parts.list.rend(); ++part) {
        layers.push_back(layer_root(part->digest));
        uses.layers.insert(part->digest);
    }
    return {.layers = std::move(layers), .uses = std::move(uses)};
}

// Of the image alone.
ImageChain chain_of(const ImageId& id, const ImageManifest& manifest) {
    return {.images = {{.id = id, .name = manifest.name.str()}}};
}

Stack stack_of(const Store& store, const ImageId& id, const ImageManifest& manifest) {
    ImageChain chain = resolve_chain(store, id, manifest);
    Pin uses;
    for (const ChainImage& image : chain.images)
        uses.images.insert(image.id.str());
    Parts parts = parts_of(store, std::move(chain));
    if (can_be_stacked(store, parts))
        return stack_parts(parts, std::move(uses));
    return make_rendered(store, parts, std::move(uses));
}

} // namespace

Stack make_stack(const Store& store, const ImageId& id, const ImageManifest& manifest) {
    try {
        return is_plain(manifest) ? plain_stack(store, id) : stack_of(store, id, manifest);
    } catch (Error& error) {
        error.during("rendering image {}", manifest.name);
        throw;
    }
}

void render_image(const Store& store, const ImageId& id, const Dir& root) {
    render(store, parts_of(store, resolve_chain(store, id, store.manifest(id))), root);
}

void extract_image(const Store& store, const ImageId& id, const Dir& root) {
    render(store, parts_of(store, chain_of(id, store.manifest(id))), root);
}

} // namespace rkt
