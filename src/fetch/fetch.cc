// SPDX-License-Identifier: Apache-2.0

#include "fetch/fetch.h"

#include "base/error.h"
#include "store/store.h"

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

std::filesystem::path signature_beside(std::filesystem::path archive) {
    return archive += ".asc"; // IMG-16
}

ImageId fetch_path(const std::filesystem::path& data_dir, const std::filesystem::path& path,
                   const FetchOptions& options) {
    IncomingArchive archive = {
        .bytes = open_archive(path), .name = path, .reference = std::filesystem::absolute(path)};
    if (options.keys)
        archive.verification = {.signature =
                                    read_signature(options.signature.value_or(signature_beside(path))),
                                .keys = *options.keys};
    return import_archive(data_dir, std::move(archive), options.import);
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
