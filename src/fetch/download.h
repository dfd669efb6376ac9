// SPDX-License-Identifier: Apache-2.0
//
// From a URL to an image in the store, in one pass: while the archive arrives it is kept, unpacked and
// checked.
//
// What breaks off is continued, also by a later process. What a URL stands for is remembered for as long as
// its server allows, and asked for again in a way that an unchanged image need not come twice (RFC 9110, RFC
// 9111).

#pragma once

#include "base/url.h"
#include "config/pull-policy.h"
#include "fetch/discovery.h"
#include "fetch/import.h"
#include "fetch/wanted.h"
#include "fetch/web.h"
#include "store/keys.h"
#include "store/url-ref.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

namespace rkt {

// How far a download is.
struct DownloadNews {
    const Url& url;
    std::uint64_t bytes = 0;
    std::optional<std::uint64_t> total = {}; // if the server has said so
    bool has_ended = false;                  // well or not
};
using TellNews = std::function<void(const DownloadNews& news)>;

struct DownloadPlace {
    const std::filesystem::path& data_dir;
    const ImportOptions& import;
    const std::optional<TrustedKeys>& keys; // whose signatures count; nothing: none is asked for
    PullPolicy policy = PullPolicy::Update;
    Time begun = {}; // what was checked since then is not checked again
    TellNews tell = {};
};

// What the URL is known to stand for; nothing if it has to be asked for. Throws Error if that is not allowed.
std::optional<StoredImage> find_known(const DownloadPlace& place, const Url& url);

// Asks for it, and gives what the URL stands for. Who asks for the same URL meanwhile waits, and finds it.
// Throws Error, also if what comes is not what is wanted.
//
// The signature is got first. If its server answers 202, it is asked once more when the archive is there.
StoredImage download(Web& web, const DownloadPlace& place, const Endpoint& from, const Wanted& wanted);

} // namespace rkt
