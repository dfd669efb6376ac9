// SPDX-License-Identifier: Apache-2.0

#include "fetch/import.h"

#include "appc/image-manifest.h"
#include "base/error.h"
#include "base/log.h"
#include "fetch/unpack.h"
#include "os/file.h"
#include "os/process.h"
#include "store/draft.h"

namespace rkt {

namespace {

UnpackLimits limits_of(const std::filesystem::path& data_dir, const ImportOptions& options) {
    UnpackLimits limits;
    limits.bytes = options.max_bytes ? *options.max_bytes : most_of_free_space(data_dir);
    if (options.max_entries)
        limits.entries = *options.max_entries;
    return limits;
}

void warn_all(const std::string& name, const std::vector<std::string>& warnings) {
    for (const std::string& warning : warnings)
        warn("{}: {}", name, warning);
}

struct Unpacked {
    AciContents contents;
    std::optional<ImageSigner> signer = {};
};

AciContents unpack_past(SignatureCheck& check, Fd archive, const Draft& draft, bool keep_archive,
                        const UnpackLimits& limits) {
    try {
        return unpack(archive, draft.layer(), keep_archive, limits);
    } catch (...) {
        archive.reset(); // so that the check does not wait for anybody to read
        check.explain();
        throw;
    }
}

// The archive passes by the check on its way to be unpacked.
Unpacked unpack_verified(IncomingArchive& archive, const Draft& draft, bool keep_archive,
                         const UnpackLimits& limits) {
    auto [read_end, write_end] = make_pipe();
    SignatureCheck check(archive.verification->keys, std::move(archive.verification->signature),
                         std::move(archive.bytes), std::move(write_end),
                         {.home = draft.make_scratch("keys"), .program = confined_gpg()});
    AciContents contents = unpack_past(check, std::move(read_end), draft, keep_archive, limits);
    AcIdentifier name = ImageManifest::examine(contents.manifest).value.name;
    return {.contents = std::move(contents), .signer = check.signer(name)};
}

Unpacked unpack_archive(IncomingArchive& archive, const Draft& draft, bool keep_archive,
                        const UnpackLimits& limits) {
    if (archive.verification)
        return unpack_verified(archive, draft, keep_archive, limits);
    return {.contents = unpack(archive.bytes, draft.layer(), keep_archive, limits)};
}

NewImage describe(const Unpacked& unpacked, const IncomingArchive& archive, bool keep_archive) {
    const AciContents& contents = unpacked.contents;
    auto [manifest, warnings] = ImageManifest::examine(contents.manifest);
    warn_all(archive.name, contents.warnings);
    warn_all(archive.name, warnings);
    ImageSource source = {
        .name = manifest.name.str(),
        .reference = archive.reference,
        .size = contents.bytes + (keep_archive ? contents.source_bytes : 0),
        .imported = std::chrono::system_clock::now(),
        .retrieved = contents.source_bytes,
        .signer = unpacked.signer,
    };
    for (const Label& label : manifest.labels)
        source.labels.emplace(label.name.str(), label.value);
    return {.id = contents.id, .manifest = contents.manifest, .source = std::move(source)};
}

} // namespace

std::uint64_t most_of_free_space(const std::filesystem::path& dir) {
    std::uint64_t free = free_space(dir);
    return free - free / 20;
}

StoredImage import_archive(const std::filesystem::path& data_dir, IncomingArchive archive,
                           const ImportOptions& options) {
    Draft draft = Draft::make(Store::open(data_dir));
    bool copy = options.keep_archive && !archive.place;
    Unpacked unpacked = unpack_archive(archive, draft, copy, limits_of(data_dir, options));
    NewImage image = describe(unpacked, archive, options.keep_archive);
    if (archive.accept)
        archive.accept(image);
    if (options.keep_archive && archive.place)
        archive.place(draft.layer());
    Store store = Store::open(data_dir);
    draft.publish(store, image);
    return {.id = image.id, .store = std::move(store)};
}

} // namespace rkt
