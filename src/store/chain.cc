// SPDX-License-Identifier: Apache-2.0

#include "store/chain.h"

#include "base/error.h"
#include "base/text.h"

#include <algorithm>
#include <map>
#include <utility>

namespace rkt {

namespace {

// Docker's images have up to 127 layers, each of which may have become an image that depends on the next.
constexpr std::size_t deepest = 200;

// Places in the order, which grow like powers when images share their dependencies.
constexpr std::size_t most_places = 1000;

ImageName name_of(const Dependency& dependency) {
    ImageName name = {.name = dependency.image_name};
    for (const Label& label : dependency.labels)
        name.labels.emplace(label.name.str(), label.value);
    return name;
}

std::string words_for(const Dependency& dependency) {
    std::string name = name_of(dependency).str();
    return dependency.image_id ? fmt::format("{} ({})", name, dependency.image_id->brief()) : name;
}

class Resolver {
public:
    explicit Resolver(const Store& store) : store_(store) {}

    void add(const ImageId& id, const ImageManifest& manifest, std::size_t above) {
        enter(id, manifest);
        std::size_t filter = filter_of(id, manifest, above);
        for (const Dependency& dependency : manifest.dependencies) {
            ImageId found = resolve(manifest, dependency);
            add(found, manifest_of(found), filter);
        }
        if (chain_.images.size() == most_places)
            throw Error("it needs more than {} images one over the other", most_places);
        chain_.images.push_back({.id = id, .name = manifest.name.str(), .filter = filter});
        above_.pop_back();
    }

    ImageChain take() { return std::move(chain_); }

private:
    struct Above {
        ImageId id;
        std::string name;
    };

    void enter(const ImageId& id, const ImageManifest& manifest) {
        bool is_circle = std::ranges::any_of(above_, [&](const Above& above) { return above.id == id; });
        above_.push_back({id, manifest.name.str()});
        if (is_circle)
            throw Error("image {} depends on itself: {}", manifest.name, path());
        if (above_.size() > deepest)
            throw Error("its dependencies are more than {} deep", deepest);
    }

    // Made once for an image below the same images, since a whitelist may be long.
    std::size_t filter_of(const ImageId& id, const ImageManifest& manifest, std::size_t above) {
        if (manifest.path_whitelist.empty())
            return above;
        auto [found, is_new] = filters_.emplace(std::pair(id.str(), above), chain_.filters.size());
        if (is_new)
            chain_.filters.push_back(intersect(chain_.filters[above], make_filter(manifest.path_whitelist)));
        return found->second;
    }

    // "a > b > a"
    std::string path() const {
        std::vector<std::string> names;
        for (const Above& above : above_)
            names.push_back(above.name);
        return join(names, " > ");
    }

    ImageId resolve(const ImageManifest& image, const Dependency& dependency) const {
        std::optional<ImageId> found = find(dependency);
        if (!found)
            throw Error("image {} depends on {}, which is not in the store; rkt fetch gets it", image.name,
                        words_for(dependency));
        if (dependency.size)
            check_size(image, dependency, store_.source(*found));
        return *found;
    }

    std::optional<ImageId> find(const Dependency& dependency) const {
        if (!dependency.image_id)
            return store_.find(ImageRef{name_of(dependency)});
        return store_.has(*dependency.image_id) ? dependency.image_id : std::nullopt;
    }

    static void check_size(const ImageManifest& image, const Dependency& dependency,
                           const ImageSource& found) {
        if (found.retrieved == 0 || found.retrieved == *dependency.size)
            return;
        throw Error("image {} depends on {} with a size of {} bytes, and the one in the store came with {}",
                    image.name, words_for(dependency), *dependency.size, found.retrieved);
    }

    const ImageManifest& manifest_of(const ImageId& id) {
        auto found = manifests_.find(id.str());
        if (found == manifests_.end())
            found = manifests_.emplace(id.str(), store_.manifest(id)).first;
        return found->second;
    }

    const Store& store_;
    ImageChain chain_;
    std::vector<Above> above_;
    std::map<std::string, ImageManifest> manifests_;
    std::map<std::pair<std::string, std::size_t>, std::size_t> filters_; // by image and the filter above it
};

} // namespace

ImageChain resolve_chain(const Store& store, const ImageId& id, const ImageManifest& manifest) {
    Resolver resolver(store);
    resolver.add(id, manifest, 0);
    return resolver.take();
}

} // namespace rkt
