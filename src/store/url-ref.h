// SPDX-License-Identifier: Apache-2.0
//
// What a URL stands for now, and how long that holds without asking (RFC 9111).

#pragma once

#include "appc/image-id.h"
#include "base/url.h"
#include "store/source.h"
#include "store/store.h"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace rkt {

struct UrlRef {
    Url url;
    ImageId image;
    std::string etag = {};          // as the server wrote them, or empty
    std::string last_modified = {}; //
    Time checked = {};              // when the server said so last
    std::chrono::seconds max_age{0};

    // Also stale if it was checked at a time to come: somebody has set the clock.
    bool is_fresh(Time now) const noexcept { return checked <= now && now < checked + max_age; }

    // Throws an Error that says what is wrong with the text.
    static UrlRef parse(std::string_view text);
    std::string json() const;
};

// Nothing if the URL was never fetched, or the image is not in the store any more.
std::optional<UrlRef> find_url_ref(const Store& store, const Url& url);

// In the place of what the URL stood for before.
void put_url_ref(Store& store, const UrlRef& ref);

// Removes those whose image is gone, and what cannot be read. For who has the store alone.
void drop_stale_refs(const Store& store);

} // namespace rkt
