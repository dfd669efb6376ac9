// SPDX-License-Identifier: Apache-2.0
//
// rkt image gc: what nobody has used for a while goes.

#include "cmd-image/verb.h"

#include "base/duration.h"
#include "base/error.h"
#include "store/collect.h"

namespace rkt {

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
    for (const ImageId& id : collector.remove_unused_since(std::chrono::system_clock::now() - grace))
        fmt::print("successfully removed aci for image: \"{}\"\n", id.str());
    std::move(collector).finish();
    return 0;
}

} // namespace rkt
