// SPDX-License-Identifier: Apache-2.0

#include "aci/read.h"

#include "aci/tar-stream.h"
#include "aci/tree.h"
#include "base/error.h"
#include "base/utf8.h"
#include "os/file.h"

namespace rkt {

namespace {

constexpr const char* rootfs = "rootfs";
constexpr const char* implied = "implied";

class AciReader {
public:
    AciReader(int source, int copy, const Dir& target, const UnpackLimits& limits)
        : target_(target), stream_(source, copy), tar_([this] { return stream_.next(); }), check_(limits),
          tree_(make_root(target)) {}

    AciContents read() {
        while (std::optional<TarEntry> entry = tar_.next())
            take(*entry);
        ImageId id = stream_.finish(tar_.position());
        check_.finish();
        note_implied();
        tree_.finish();
        return {.id = id,
                .manifest = std::move(manifest_),
                .bytes = check_.bytes(),
                .source_bytes = stream_.source_bytes(),
                .warnings = warnings()};
    }

private:
    static Dir make_root(const Dir& target) {
        target.make_dir(rootfs, 0755);
        return target.open_plain(rootfs);
    }

    void take(const TarEntry& entry) {
        Placed placed = check_.check(entry);
        if (placed.place == Place::Manifest)
            read_manifest();
        else if (placed.place == Place::Root)
            tree_.set_root(entry);
        else if (placed.place == Place::Inside)
            tree_.add(placed, entry, [this] { return tar_.read(); });
    }

    void note_implied() const {
        std::string text;
        for (const std::string& path : tree_.implied())
            text.append(path).push_back('\0');
        if (!text.empty())
            write_fully(target_.make_file(implied, 0600).get(), text, implied);
    }

    void read_manifest() {
        while (std::optional<Part> part = tar_.read()) {
            manifest_.resize(part->offset);
            manifest_.append(reinterpret_cast<const char*>(part->bytes.data()), part->bytes.size());
        }
        if (!is_utf8(manifest_))
            throw Error("reading an image manifest: it is not UTF-8");
    }

    std::vector<std::string> warnings() const {
        std::vector<std::string> warnings;
        if (!check_.has_root())
            warnings.push_back("the archive has no entry for rootfs itself");
        for (const std::string& name : tree_.ignored_attributes())
            warnings.push_back("the attribute " + name + " was left out");
        return warnings;
    }

    const Dir& target_;
    TarStream stream_;
    TarReader tar_;
    EntryCheck check_;
    Tree tree_;
    std::string manifest_;
};

} // namespace

AciContents read_aci(int source, int copy, const Dir& target, const UnpackLimits& limits) {
    return AciReader(source, copy, target, limits).read();
}

} // namespace rkt
