// SPDX-License-Identifier: Apache-2.0
//
// From the bytes of an archive to an image in the store, in one pass.

#pragma once

#include "appc/image-id.h"
#include "fetch/signature.h"
#include "os/fd.h"
#include "store/draft.h"
#include "store/keys.h"
#include "store/store.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

namespace rkt {

struct ImportOptions {
    bool keep_archive = true; // the file as it came, to be exported again
    std::optional<std::uint64_t> max_bytes =
        {}; // unpacked; if not given, all but a twentieth of what is free
    std::optional<std::uint64_t> max_entries = {}; // of the archive
};

struct ArchiveToVerify {
    SignatureText signature;
    TrustedKeys keys;
};

struct IncomingArchive {
    Fd bytes;                                         // a file or a pipe, read to its end
    std::string name;                                 // for messages
    std::string reference;                            // what is noted in the store as where it came from
    std::optional<ArchiveToVerify> verification = {}; // nothing: whoever made it is taken for right

    // Called when all has been read and verified, and nothing has a name yet: throws if it is not what was
    // wanted.
    std::function<void(const NewImage& image)> accept = {};

    // Puts the archive into the directory of its layer, for who has kept it on the way. Without this it is
    // copied while it is read.
    std::function<void(const Dir& layer)> place = {};
};

// All of the file system's free space that one image may take, in bytes.
std::uint64_t most_of_free_space(const std::filesystem::path& dir);

// Gives the image in the store. When it throws, nothing is there: neither when the archive is damaged, nor
// when its signature does not hold for the name in its manifest. Takes root.
StoredImage import_archive(const std::filesystem::path& data_dir, IncomingArchive archive,
                           const ImportOptions& options);

} // namespace rkt
