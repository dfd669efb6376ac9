// SPDX-License-Identifier: Apache-2.0
//
// What tells one version of a file at a URL from another, and which part of it an answer has (RFC 9110 §8.8,
// §14.4).
//
// A server chooses these words. They are noted, and sent to it again when the file is asked for once more, so
// they are taken only where they are what a header may have.

#pragma once

#include "wrap/http.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace rkt {

// Each empty if the server gives none, or one of bytes that are not ASCII's printable ones.
struct Validators {
    std::string etag = {};          // weak or not
    std::string last_modified = {}; // a date, in the server's words

    // By which the file is recognised byte for byte, or empty: a weak ETag says less (RFC 9110 §8.8.1,
    // §13.1.5).
    const std::string& version() const noexcept { return etag.starts_with('"') ? etag : last_modified; }
};

Validators validators_of(const HttpHead& head);

struct ContentRange {
    std::uint64_t first = 0; // byte of the file, counted from 0
    std::uint64_t last = 0;
    std::optional<std::uint64_t> total = {}; // bytes of the whole file, if the server knows

    // "bytes 5-9/10", or "/*" where the total is not known. Nothing for another unit, for what is malformed,
    // and for a part that ends before it begins or behind the file's end.
    static std::optional<ContentRange> parse(std::string_view text);
};

std::optional<ContentRange> content_range_of(const HttpHead& head);

} // namespace rkt
