// SPDX-License-Identifier: Apache-2.0
//
// Getting things by http and https (libcurl, with GnuTLS), several at once.
//
// Servers are strangers: everything they decide, how long they take and how much they send, has a limit.
// Redirections are followed here and not by libcurl, since what may be sent along depends on where they lead.

#pragma once

#include "base/error.h"
#include "base/url.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rkt {

// The other side is not who it should be, or its TLS is not understood.
class TlsError : public Error {
public:
    using Error::Error;
};

// No address is known, or nobody answers there.
class ConnectError : public Error {
public:
    using Error::Error;
};

// It began and did not come to its end: cut off, or too slow. What has come may be continued.
class BrokenOff : public Error {
public:
    using Error::Error;
};

// What comes before the body.
struct HttpHead {
    int status = 0;
    Url url = {};                                    // who answered, after redirections
    std::map<std::string, std::string> headers = {}; // by name in small letters; several are joined by ", "

    // One line of it as it comes: a status line, with which a head begins anew, or a header. What is neither
    // is passed over.
    void take_line(std::string_view line);

    // A null pointer if there is none; the name in small letters.
    const std::string* find(std::string_view name) const;

    // What the header of that name says, if it is a number.
    std::optional<std::uint64_t> number(std::string_view name) const;

    bool has_body() const noexcept { return status == 200 || status == 206; }
    bool is_redirection() const noexcept;
    bool may_pass() const noexcept; // another try may succeed
};

struct HttpRequest {
    Url url;
    std::vector<std::string> headers = {};     // "Range: bytes=100-": for whoever answers
    std::vector<std::string> credentials = {}; // for this very host and port, and by https alone
    std::uint64_t most_bytes = UINT64_MAX;     // of the body
    std::chrono::seconds longest{0};           // for all of it; without end if 0
    bool may_lose_tls = false;                 // by a redirection from https to http
    int tries = 4;                             // while nobody answers, or with 429 or 5xx

    // Called before and with the body of a 200 or 206, and of no other. What they throw ends it.
    std::function<void(const HttpHead& head)> head = {};
    std::function<void(std::span<const std::byte> bytes)> body = {};
};

struct HttpOptions {
    bool verify_tls = true;
    std::string agent = {}; // what we call ourselves
    std::chrono::seconds connect_timeout{20};
    std::chrono::seconds stall_timeout{30};         // with less than slowest_rate all the time
    std::uint64_t slowest_rate = 1024;              // bytes a second
    std::chrono::milliseconds first_pause{500};     // before the second try; doubled for each further one
    std::chrono::milliseconds longest_pause{60000}; // a server that asks for a longer one is not tried again
};

struct HttpOutcome {
    HttpHead head = {};
    std::exception_ptr fault = {}; // instead of it
};

class Http {
public:
    // The system's CAs are trusted, or those of $SSL_CERT_FILE or $CURL_CA_BUNDLE. Proxies are those of
    // $HTTP_PROXY, $HTTPS_PROXY and $NO_PROXY. For one thread.
    explicit Http(HttpOptions options = {});
    Http(Http&&) noexcept;
    ~Http();

    // Whatever the status is, but that of a redirection, which is followed ten times at most. Throws
    // TlsError, ConnectError, BrokenOff and other Errors, and what the request's functions throw.
    HttpHead get(const HttpRequest& request);

    // All at once, until each has ended.
    std::vector<HttpOutcome> get_all(std::span<const HttpRequest> requests);

private:
    class Connections;

    HttpOptions options_;
    std::unique_ptr<Connections> connections_;
};

} // namespace rkt
