// SPDX-License-Identifier: Apache-2.0
//
// rkt image export: the archive of an image, the same bytes that were fetched.

#include "cmd-image/verb.h"

#include "base/error.h"
#include "os/file.h"
#include "os/placement.h"
#include "os/umask.h"
#include "store/layout.h"
#include "store/store.h"

namespace rkt {

namespace {

constexpr mode_t readable = 0644;

// Where it came from in one piece.
Fd open_archive(const Store& store, const ImageId& id, const ImageRef& asked) {
    std::vector<std::string> layers = store.layer_digests(id);
    std::optional<Fd> archive;
    if (layers.size() == 1)
        archive =
            find_file(store.data_dir() / store_layout::layers / layers.front() / store_layout::layer_archive);
    if (!archive)
        throw Error("exporting image {}: its archive was not kept; fetch it again, without --no-archive, and "
                    "rkt image extract gives its files",
                    asked.str());
    return std::move(*archive);
}

} // namespace

int image_export(const Words& words) {
    VerbLine verb("rkt image export [FLAGS] IMAGE OUT.aci",
                  "Writes the archive of an image, as it was fetched.");
    std::vector<std::string> named;
    bool overwrite = false;
    verb.line.flag("--overwrite", overwrite, "Replace the file if it is there already");
    verb.line.words(
        "IMAGE OUT.aci", [&](const std::string& word) { named.push_back(word); },
        "An ID or a name, and a file");
    std::optional<Globals> globals = verb.read(words);
    if (!globals)
        return 0;
    if (named.size() != 2)
        throw UsageError("image export takes an image and a file");
    ImageRef image = ImageRef::parse(named[0]);
    require_archive_name(named[1]);
    require_root("rkt image export", "reads what is root's alone");
    Store store = Store::open(globals->data_dir);
    ImageId id = store.resolve(image);
    Fd archive = open_archive(store, id, image);
    store.note_use(id);
    Umask theirs(globals->umask);
    Placement placement(named[1], overwrite);
    copy_file(archive.get(), placement.make_file(readable).get(), named[1]);
    placement.put();
    return 0;
}

} // namespace rkt
