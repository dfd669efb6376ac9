// SPDX-License-Identifier: Apache-2.0
//
// rkt image rm: named images go.

#include "cmd-image/verb.h"

#include "base/error.h"
#include "base/log.h"
#include "store/collect.h"

namespace rkt {

namespace {

// An image that is not there is as good as removed: rkt always said so and went on.
void remove(Collector& collector, const ImageRef& asked) {
    std::optional<ImageId> id = collector.store().find(asked);
    if (!id) {
        note("image {} is not in the store", asked.str());
        return;
    }
    collector.remove(*id);
    fmt::print("successfully removed aci for image: \"{}\"\n", id->str());
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
    for (const ImageRef& image : asked)
        remove(collector, image);
    std::move(collector).finish();
    return 0;
}

} // namespace rkt
