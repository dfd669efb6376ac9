// SPDX-License-Identifier: Apache-2.0
//
// Answering by http (libmicrohttpd), on sockets that listen already.
//
// Clients are strangers: how many there are, how long they take and how much they send has a limit. Who keeps
// a connection without making progress loses it, and one peer cannot have the connections of all.

#pragma once

#include "os/fd.h"

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace rkt {

struct HttpCall {
    std::string method;
    std::string path; // as it was sent, with its percent signs and without the query
    std::string body = {};
};

struct HttpAnswer {
    int status = 200;
    std::string type = "text/plain; charset=us-ascii";
    std::string body = {};
    std::string allow = {}; // with 405: the methods that there are
};

struct HttpServerOptions {
    unsigned connections = 512;   // at once; those beyond are closed
    unsigned per_peer = 128;      // of them, of one address, or of one user by a local socket
    std::size_t head = 16 * 1024; // bytes: the lines before a body, and what is read ahead
    std::size_t body = 128 * 1024;
    std::chrono::milliseconds longest{
        10000}; // from the connection or the last answer to the next answer's end
};

class HttpServer {
public:
    // What the handler throws is told of as a warning, and answered with 500.
    using Handler = std::function<HttpAnswer(const HttpCall&)>;

    HttpServer(HttpServerOptions options, Handler handler);
    HttpServer(const HttpServer&) = delete;
    HttpServer& operator=(const HttpServer&) = delete;
    ~HttpServer();

    // Takes the connections to a socket that listens: a local one, or one of IPv4 or IPv6.
    void add(Fd listener);

    // Answers until there has been no connection for so long; for ever if nothing is given. Throws Error.
    void run(std::optional<std::chrono::milliseconds> idle);

private:
    class Connections;

    std::unique_ptr<Connections> connections_;
};

} // namespace rkt
