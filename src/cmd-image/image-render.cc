// SPDX-License-Identifier: Apache-2.0
//
// rkt image render and rkt image extract: the files of an image in a directory, with and without those of its
// dependencies.

#include "cmd-image/verb.h"

#include "base/error.h"
#include "os/file.h"
#include "os/placement.h"
#include "os/umask.h"
#include "store/layout.h"
#include "store/render.h"

#include <algorithm>

namespace rkt {

namespace {

using Write = void (*)(const Store& store, const ImageId& id, const Dir& root);

struct RenderFlags {
    bool rootfs_only = false;
    bool overwrite = false;
    std::vector<std::string> words = {};
};

// Both would be removed with what is to be replaced.
void refuse_store(const std::filesystem::path& target, const std::filesystem::path& data_dir) {
    auto inside = std::filesystem::weakly_canonical(data_dir);
    auto outside = std::filesystem::weakly_canonical(target);
    if (std::ranges::mismatch(outside, inside).in1 == outside.end())
        throw Error("writing {}: the data directory {} lies in it", target, data_dir);
}

void write_image(const Store& store, const ImageId& id, const Dir& dir, Write write, bool rootfs_only) {
    if (rootfs_only)
        return write(store, id, dir);
    write_fully(dir.make_file(store_layout::image_manifest, 0644).get(), store.manifest_text(id),
                "the manifest");
    dir.make_dir(store_layout::layer_rootfs, 0755);
    write(store, id, dir.open_plain(store_layout::layer_rootfs));
}

int act(const std::string& name, const std::string& description, Write write, const Words& words) {
    VerbLine verb("rkt image " + name + " [FLAGS] IMAGE DIR", description);
    RenderFlags flags;
    verb.line.flag("--rootfs-only", flags.rootfs_only, "Without the manifest: DIR is the root itself");
    verb.line.flag("--overwrite", flags.overwrite, "Replace DIR if it is there already");
    verb.line.words(
        "IMAGE DIR", [&](const std::string& word) { flags.words.push_back(word); },
        "An ID or a name, and a directory");
    std::optional<Globals> globals = verb.read(words);
    if (!globals)
        return 0;
    if (flags.words.size() != 2)
        throw UsageError("image {} takes an image and a directory", name);
    ImageRef image = ImageRef::parse(flags.words[0]);
    require_root(("rkt image " + name).c_str(), "reads what is root's alone");
    Store store = Store::open(globals->data_dir);
    ImageId id = store.resolve(image);
    store.note_use(id);
    Umask theirs(globals->umask);
    Placement placement(flags.words[1], flags.overwrite);
    refuse_store(flags.words[1], globals->data_dir);
    try {
        write_image(store, id, placement.make_dir(0755), write, flags.rootfs_only);
        placement.put();
    } catch (Error& error) {
        error.during("writing image {} to {}", image.str(), flags.words[1]);
        throw;
    }
    return 0;
}

} // namespace

int image_extract(const Words& words) {
    return act("extract", "Writes the files of an image to a directory, without its dependencies.",
               extract_image, words);
}

int image_render(const Words& words) {
    return act("render", "Writes the files of an image to a directory, laid over those of its dependencies.",
               render_image, words);
}

} // namespace rkt
