// SPDX-License-Identifier: Apache-2.0
//
// rkt image gc: what nobody has used for a while goes.

#include "cmd-image/verb.h"

#include "base/duration.h"
#include "base/error.h"
#include "store/collect.h"

namespace rkt {

namespace {

// The stage1 image that pods get by configuration: without it none would start.
std::optional<ImageId> find_stage1(const Store& store, const ConfigRoots& roots) {
    std::optional<Stage1Name> stage1 = read_stage1(roots).image;
    if (!stage1)
        return std::nullopt;
    return store.find(ImageRef{ImageName{.name = stage1->name, .labels = {{"version", stage1->version}}}});
}

} // namespace

int image_gc(const Words& words) {
    VerbLine verb(
        "rkt image gc [FLAGS]",
        "Removes images that no pod uses, once they have not been used for a while, and all leftovers.");
    std::string grace_period = "24h";
    verb.line.option("--grace-period", grace_period,
                     "For how long an image is kept after its last use (24h)");
    std::optional<Globals> globals = verb.read(words);
    if (!globals)
        return 0;
    std::chrono::seconds grace = parse_duration("--grace-period", grace_period);
    require_root("rkt image gc");
    Collector collector = Collector::open(globals->data_dir);
    std::optional<ImageId> kept = find_stage1(collector.store(), globals->config);
    for (const ImageId& id : collector.remove_unused_since(std::chrono::system_clock::now() - grace, kept))
        fmt::print("successfully removed aci for image: \"{}\"\n", id.str());
    std::move(collector).finish();
    return 0;
}

} // namespace rkt
