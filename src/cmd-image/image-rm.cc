// SPDX-License-Identifier: Apache-2.0
//
// rkt image rm: named images go.

#include "cmd-image/verb.h"

#include "base/error.h"
#include "base/log.h"
#include "store/collect.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace rkt {

namespace {

// An image that is not there is as good as removed: rkt always said so and went on.
std::vector<ImageId> find_images(const Collector& collector, const std::vector<ImageRef>& asked) {
    std::vector<ImageId> ids;
    for (const ImageRef& image : asked) {
        std::optional<ImageId> id = collector.store().find(image);
        if (!id)
            note("image {} is not in the store", image.str());
        else if (std::ranges::find(ids, *id) == ids.end())
            ids.push_back(*id);
    }
    return ids;
}

} // namespace

int image_rm(const Words& words) {
    VerbLine verb("rkt image rm IMAGE…", "Removes images from the store, unless a pod uses them.");
    std::vector<ImageRef> asked;
    verb.line.words(
        "IMAGE", [&](const std::string& word) { asked.push_back(ImageRef::parse(word)); }, "An ID or a name");
    std::optional<Globals> globals = verb.read(words);
    if (!globals)
        return 0;
    if (asked.empty())
        throw UsageError("image rm takes at least one image");
    require_root("rkt image rm");
    Collector collector = Collector::open(globals->data_dir);
    std::vector<ImageId> ids = find_images(collector, asked);
    // All or none of them.
    for (const ImageId& id : ids)
        collector.refuse_used(id);
    for (const ImageId& id : ids) {
        collector.remove(id);
        fmt::print("successfully removed aci for image: \"{}\"\n", id.str());
    }
    std::move(collector).finish();
    return 0;
}

} // namespace rkt
