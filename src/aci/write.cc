// SPDX-License-Identifier: Apache-2.0

#include "aci/write.h"

#include "aci/attributes.h"
#include "aci/walk.h"
#include "wrap/archive-write.h"

#include <set>

namespace rkt {

namespace {

constexpr std::string_view rootfs = "rootfs";

std::string place_of(const std::string& path) {
    return path.empty() ? std::string(rootfs) : std::string(rootfs).append("/").append(path);
}

class AciWriter {
public:
    AciWriter(int target, const std::optional<IdShift>& shift) : writer_(target), shift_(shift) {}

    void add_manifest(std::string_view text) {
        writer_.begin({.path = "manifest", .kind = EntryKind::File, .size = text.size(), .mode = 0644});
        writer_.write({.offset = 0, .bytes = std::as_bytes(std::span(text))});
    }

    void add(TarEntry entry, int fd) {
        if (!is_possible(entry))
            return;
        if (shift_)
            shift_->undo(entry);
        drop_attributes(entry);
        std::string path = entry.path;
        entry.path = place_of(path);
        if (entry.kind == EntryKind::HardLink)
            entry.target = place_of(entry.target);
        if (entry.kind != EntryKind::File)
            return writer_.begin(entry);
        writer_.begin(entry, extents_of(fd, entry.size));
        FileParts parts(fd, entry.size, path);
        while (std::optional<Part> part = parts.next())
            writer_.write(*part);
    }

    std::vector<std::string> finish() {
        writer_.finish();
        for (const std::string& name : dropped_)
            warnings_.push_back("the attribute " + name + " was left out");
        return std::move(warnings_);
    }

private:
    bool is_possible(const TarEntry& entry) {
        switch (entry.kind) {
        case EntryKind::File:
        case EntryKind::Directory:
        case EntryKind::Symlink:
        case EntryKind::HardLink:
        case EntryKind::Fifo:
            return true;
        default:
            warnings_.push_back("/" + entry.path + " was left out: images have neither devices nor sockets");
            return false;
        }
    }

    void drop_attributes(TarEntry& entry) {
        std::erase_if(entry.attributes, [&](const auto& attribute) {
            bool keep = is_kept_attribute(attribute.first) && !is_obeyed_attribute(attribute.first);
            if (!keep && !attribute.first.starts_with("trusted.overlay."))
                dropped_.insert(attribute.first);
            return !keep;
        });
    }

    ArchiveWriter writer_;
    const std::optional<IdShift>& shift_;
    std::set<std::string> dropped_;
    std::vector<std::string> warnings_;
};

} // namespace

std::vector<std::string> write_aci(int target, std::string_view manifest, const Dir& root,
                                   const std::optional<IdShift>& shift) {
    AciWriter writer(target, shift);
    writer.add_manifest(manifest);
    walk_tree(root, [&](const TarEntry& entry, int fd) { writer.add(entry, fd); });
    return writer.finish();
}

} // namespace rkt
