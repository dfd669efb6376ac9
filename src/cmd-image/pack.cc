// SPDX-License-Identifier: Apache-2.0
//
// rkt-image pack: what `rkt export` leaves to this program, which knows archives.

#include "cmd-image/verb.h"

#include "aci/write.h"
#include "appc/image-manifest.h"
#include "base/error.h"
#include "base/log.h"
#include "os/file.h"
#include "os/placement.h"

namespace rkt {

namespace {

// Where this program finds what it works on: see stage0/export.cc.
constexpr int root_fd = 3;
constexpr int manifest_fd = 4;

constexpr mode_t readable = 0644;

// Of an image that is whole: what it depended on is in it, and what was filtered is not.
std::string whole_manifest(const std::string& text) {
    ImageManifest manifest = ImageManifest::parse(text);
    manifest.dependencies.clear();
    manifest.path_whitelist.clear();
    return manifest.json().pretty() + "\n";
}

} // namespace

int pack(const Words& words) {
    if (words.size() < 2 || words.size() > 3)
        throw Error("{} is not for people", pack_verb);
    const std::filesystem::path target = words[0];
    std::optional<IdShift> shift;
    if (words.size() == 3)
        shift = IdShift::parse(words[2]);
    require_archive_name(target);
    Dir root(Fd(root_fd), "the root of the app");
    std::string manifest = whole_manifest(read_rest(Fd(manifest_fd).get(), "the image manifest"));
    Placement placement(target, words[1] == "overwrite");
    try {
        for (const std::string& warning :
             write_aci(placement.make_file(readable).get(), manifest, root, shift))
            warn("{}", warning);
    } catch (Error& error) {
        error.during("writing {}", target);
        throw;
    }
    placement.put();
    return 0;
}

} // namespace rkt
