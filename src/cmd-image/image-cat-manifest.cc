// SPDX-License-Identifier: Apache-2.0
//
// rkt image cat-manifest: what an image says about itself.

#include "cmd-image/verb.h"

#include "base/error.h"
#include "store/store.h"
#include "wrap/json.h"

namespace rkt {

int image_cat_manifest(const Words& words) {
    VerbLine verb("rkt image cat-manifest [FLAGS] IMAGE", "Prints the manifest of an image in the store.");
    bool pretty = true;
    std::vector<ImageRef> asked;
    verb.line.flag("--pretty-print", pretty, "Over several lines; --pretty-print=false for one");
    verb.line.words(
        "IMAGE", [&](const std::string& word) { asked.push_back(ImageRef::parse(word)); }, "An ID or a name");
    std::optional<Globals> globals = verb.read(words);
    if (!globals)
        return 0;
    if (asked.size() != 1)
        throw UsageError("image cat-manifest takes one image");
    Store store = Store::open_to_look(globals->data_dir);
    Json manifest = Json::parse(store.manifest_text(store.resolve(asked.front())));
    fmt::print("{}\n", pretty ? manifest.pretty() : manifest.compact());
    return 0;
}

} // namespace rkt
