// SPDX-License-Identifier: Apache-2.0
//
// Removing what nobody needs: images that were asked to go, layers and trees that no image and no pin
// needs, and what was left in tmp/ by those who died there.

#pragma once

#include "os/dir.h"
#include "os/lock.h"
#include "store/pin.h"
#include "store/store.h"

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace rkt {

class Collector {
public:
    // Waits until nobody uses the store, and keeps everybody out while it lives. Nothing can be
    // collected as long as one pin cannot be read: that throws, and names the pin.
    static Collector open(const std::filesystem::path& data_dir);

    // What images there are.
    const Store& store() const noexcept { return store_; }

    // The pod that uses the image, nothing if there is none.
    std::optional<std::string> user_of(const ImageId& id) const;

    // Throws if a pod uses the image.
    void refuse_used(const ImageId& id) const;

    // The same, and then the image has no name any more.
    void remove(const ImageId& id);

    // Images and trees that no pod uses and that were last used before then, but for one image that is to be
    // kept. Gives the images' ids.
    std::vector<ImageId> remove_unused_since(Time then, const std::optional<ImageId>& kept = {});

    // Takes away the names of layers and trees that nothing needs, and lets others go on. Then deletes
    // everything that has no name any more, and everything in tmp/ where nobody works. Throws, and names the
    // image, if it cannot be read which layers one has.
    void finish() &&;

private:
    Collector(const std::filesystem::path& data_dir, Lock lock);

    void move_away(const Dir& from, const std::string& name);
    std::set<std::string> layers_of(const ImageId& id) const;
    void drop_unneeded_layers();
    void drop_trees_if(const std::function<bool(const std::filesystem::path& tree)>& is_unneeded);
    bool has_lost_an_image(const std::filesystem::path& tree) const;

    Store store_;
    std::optional<Lock> lock_;
    Dir images_;
    Dir layers_;
    Dir trees_;
    Dir tmp_;
    std::map<std::string, Pin> pins_; // by pod
};

} // namespace rkt
