// SPDX-License-Identifier: Apache-2.0

#include "fetch/fetch.h"

#include "appc/image-manifest.h"
#include "base/error.h"
#include "base/log.h"
#include "fetch/unpack.h"
#include "os/file.h"
#include "store/draft.h"

#include <cerrno>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace rkt {

namespace {

// A file, or a pipe that somebody writes to. Opening a pipe waits for that.
Fd open_archive(const std::filesystem::path& path) {
    Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
    struct stat status = {};
    if (!fd || ::fstat(fd.get(), &status) != 0)
        throw SystemError(errno, "opening {}", path);
    if (!S_ISREG(status.st_mode) && !S_ISFIFO(status.st_mode))
        throw Error("opening {}: it is neither a file nor a pipe", path);
    return fd;
}

std::uint64_t most_of_free_space(const std::filesystem::path& dir) {
    std::uint64_t free = free_space(dir);
    return free - free / 20;
}

UnpackLimits limits_of(const std::filesystem::path& data_dir, const FetchOptions& options) {
    UnpackLimits limits;
    limits.bytes = options.max_bytes ? *options.max_bytes : most_of_free_space(data_dir);
    if (options.max_entries)
        limits.entries = *options.max_entries;
    return limits;
}

void warn_all(const std::filesystem::path& path, const std::vector<std::string>& warnings) {
    for (const std::string& warning : warnings)
        warn("{}: {}", path, warning);
}

NewImage describe(const AciContents& contents, const std::filesystem::path& path,
                  const FetchOptions& options) {
    auto [manifest, warnings] = ImageManifest::examine(contents.manifest);
    warn_all(path, warnings);
    ImageSource source = {
        .name = manifest.name.str(),
        .reference = std::filesystem::absolute(path).native(),
        .size = contents.bytes + (options.keep_archive ? contents.source_bytes : 0),
        .imported = std::chrono::system_clock::now(),
        .retrieved = contents.source_bytes,
    };
    for (const Label& label : manifest.labels)
        source.labels.emplace(label.name.str(), label.value);
    return {.id = contents.id, .manifest = contents.manifest, .source = std::move(source)};
}

ImageId import(const std::filesystem::path& data_dir, const std::filesystem::path& path,
               const FetchOptions& options) {
    Fd source = open_archive(path);
    Draft draft = Draft::make(Store::open(data_dir));
    AciContents contents = unpack(source, draft.layer(), options.keep_archive, limits_of(data_dir, options));
    warn_all(path, contents.warnings);
    NewImage image = describe(contents, path, options);
    Store store = Store::open(data_dir);
    draft.publish(store, image);
    return image.id;
}

ImageId fetch_path(const std::filesystem::path& data_dir, const std::filesystem::path& path,
                   const FetchOptions& options) {
    if (options.verify)
        throw Error("signatures cannot be verified yet; --insecure-options=image takes an image without");
    return import(data_dir, path, options);
}

} // namespace

ImageId fetch(const std::filesystem::path& data_dir, const ImageRef& image, const FetchOptions& options) {
    if (::geteuid() != 0)
        throw Error("storing an image gives its files to their owners, which takes root");
    try {
        if (const std::filesystem::path* path = image.path())
            return fetch_path(data_dir, *path, options);
        Store store = Store::open(data_dir);
        ImageId id = store.resolve(image);
        store.note_use(id);
        return id;
    } catch (Error& error) {
        error.during("fetching {}", image.str());
        throw;
    }
}

} // namespace rkt
