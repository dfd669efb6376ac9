// SPDX-License-Identifier: Apache-2.0
//
// The URLs of http and https, taken apart (RFC 3986).

#pragma once

#include <string>
#include <string_view>

namespace rkt {

struct Url {
    std::string scheme; // "http" or "https"
    std::string host;   // "example.com:8443": in lower case, with the port if the text names one
    std::string path;   // from the "/" after the host, with the query if there is one

    // Throws an Error that quotes the text: for another scheme, a user name or a password, which would
    // be seen by everybody who lists processes, and for bytes that have no place in a URL. What follows a
    // "#" is dropped, for it is never sent.
    static Url parse(std::string_view text);

    // What a link in the document of this URL leads to: a whole URL, "//host/path", "/path" or a path
    // beside this one's. Throws like parse().
    Url resolve(std::string_view link) const;

    std::string str() const { return scheme + "://" + host + path; }

    // The last part of the path, or the host where there is none: for people.
    std::string file_name() const;

    bool is_https() const noexcept { return scheme == "https"; }
    bool operator==(const Url&) const = default;
};

} // namespace rkt
