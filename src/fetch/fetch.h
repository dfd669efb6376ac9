// SPDX-License-Identifier: Apache-2.0
//
// Gets what was asked for into the store, and all that it depends on.

#pragma once

#include "appc/image-id.h"
#include "config/pull-policy.h"
#include "config/settings.h"
#include "fetch/download.h"
#include "fetch/import.h"
#include "fetch/key-search.h"
#include "fetch/web.h"
#include "store/image-ref.h"
#include "store/keys.h"

#include <exception>
#include <filesystem>
#include <optional>
#include <span>
#include <vector>

namespace rkt {

struct AskedImage {
    ImageRef image;
    std::optional<std::filesystem::path> signature = {}; // if not beside the image
};

struct FetchOptions {
    ImportOptions import = {};

    // Those whose signatures count, of which an archive needs one; without, no signature is looked for
    // (DISC-16).
    std::optional<TrustedKeys> keys = {};

    // Archives in these directories are part of the installation, as the program is, and need no signature;
    // if root alone can have put them there, that is.
    std::vector<std::filesystem::path> installed = {};

    PullPolicy policy = PullPolicy::Update;
    bool dependencies = true;
    WebOptions web = {};
    ConfigRoots config = {}; // where it stands who we are to servers
    TellNews tell = {};      // called by several threads
    FindKeys find_keys = {}; // called before an image comes by a name for which none of `keys` is
};

struct Fetched {
    std::optional<ImageId> id = {}; // in the store, with all that it depends on
    bool is_new = false;            // another than before, or something it depends on is
    std::exception_ptr fault = {};  // why it is not in the store, or something it depends on is not
};

// Several at once; one outcome for each, in their order. A path is read anew each time, an id must be there
// already, a URL and a name are looked for as the policy says, and so are dependencies: those of a path are
// looked for elsewhere only if they are not in the store. One that several share is fetched once,
// and its fault is that of each; a circle ends. Takes root.
std::vector<Fetched> fetch(const std::filesystem::path& data_dir, std::span<const AskedImage> images,
                           const FetchOptions& options);

} // namespace rkt
