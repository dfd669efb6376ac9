// SPDX-License-Identifier: Apache-2.0
//
// How long an answer holds without asking again, as its server says (RFC 9111 §4.2, §5.2).

#pragma once

#include "wrap/http.h"

#include <chrono>
#include <string_view>

namespace rkt {

struct CacheControl {
    bool may_be_noted = true; // no-store: not even what the answer would be recognised by
    std::chrono::seconds max_age{0};

    // no-cache and no-store are stronger than any max-age, whatever their order; of two of those the shorter
    // counts. What is malformed says nothing.
    static CacheControl parse(std::string_view header);
};

// With the time taken off that the answer has spent in caches on the way.
CacheControl cache_control_of(const HttpHead& head);

} // namespace rkt
