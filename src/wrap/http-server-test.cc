// SPDX-License-Identifier: Apache-2.0

#include "wrap/http-server.h"

#include "os/local-socket.h"
#include "os/temp-dir.h"

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <sys/socket.h>
#include <unistd.h>

using namespace rkt;

namespace {

constexpr std::chrono::milliseconds idle(100);

// Says what it was asked; ends when nobody has been connected for a moment.
class Server {
public:
    explicit Server(HttpServerOptions options = {})
        : server_(options, [](const HttpCall& call) { return answer(call); }) {
        server_.add(listen_at(place(), SOCK_STREAM));
        thread_ = std::thread([this] { server_.run(idle); });
    }
    ~Server() { thread_.join(); }

    Fd connect() const { return connect_to(place(), SOCK_STREAM); }

    std::string ask(const std::string& text) const {
        Fd client = connect();
        say(client, text);
        return hear(client);
    }

    static void say(const Fd& client, const std::string& text) {
        REQUIRE(::send(client.get(), text.data(), text.size(), MSG_NOSIGNAL) ==
                static_cast<ssize_t>(text.size()));
    }

    // Until the server closes.
    static std::string hear(const Fd& client) {
        std::string all;
        char part[4096];
        for (ssize_t size = 0; (size = ::read(client.get(), part, sizeof part)) > 0;)
            all.append(part, static_cast<std::size_t>(size));
        return all;
    }

private:
    std::filesystem::path place() const { return dir_.path() / "socket"; }

    static HttpAnswer answer(const HttpCall& call) {
        if (call.path == "/fault")
            throw std::runtime_error("a fault that the test wants");
        if (call.path == "/refused")
            return {.status = 405, .allow = "GET, HEAD"};
        return {.type = "application/json", .body = call.method + " " + call.path + " " + call.body};
    }

    TempDir dir_;
    HttpServer server_;
    std::thread thread_;
};

std::string closing(const std::string& line, const std::string& headers = "", const std::string& body = "") {
    return line + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + headers + "\r\n" + body;
}

std::string body_of(const std::string& answer) {
    return answer.substr(answer.find("\r\n\r\n") + 4);
}

} // namespace

TEST_CASE("a request is answered with the type as it is, paths still coded and without the query") {
    Server server;
    std::string answer = server.ask(closing("GET /a%2Fb/c?d=e"));
    CHECK(answer.starts_with("HTTP/1.1 200 OK\r\n"));
    CHECK(answer.find("\r\nContent-Type: application/json\r\n") != std::string::npos);
    CHECK(body_of(answer) == "GET /a%2Fb/c ");
    CHECK(body_of(server.ask(closing("HEAD /x"))).empty());
    CHECK(body_of(server.ask(closing("POST /x", "Content-Length: 3\r\n", "a=b"))) == "POST /x a=b");
    std::string refused = server.ask(closing("PUT /refused"));
    CHECK(refused.starts_with("HTTP/1.1 405 "));
    CHECK(refused.find("\r\nAllow: GET, HEAD\r\n") != std::string::npos);
    CHECK(server.ask(closing("GET /fault")).starts_with("HTTP/1.1 500 "));
}

TEST_CASE("a body that is too long is refused, announced or not") {
    Server server({.body = 10});
    CHECK(body_of(server.ask(closing("POST /x", "Content-Length: 10\r\n", "0123456789"))) ==
          "POST /x 0123456789");
    CHECK(server.ask(closing("POST /x", "Content-Length: 11\r\n")).starts_with("HTTP/1.1 413 "));
    CHECK(server.ask(closing("POST /x", "Content-Length: 99999999999999999999\r\n")).find(" 200 ") ==
          std::string::npos);
    const std::string chunks = "6\r\n012345\r\n6\r\n012345\r\n0\r\n\r\n";
    CHECK(server.ask(closing("POST /x", "Transfer-Encoding: chunked\r\n", chunks))
              .starts_with("HTTP/1.1 413 "));
}

TEST_CASE("a head that is too long is refused") {
    Server server({.head = 2048});
    std::string answer = server.ask(closing("GET /x", "X: " + std::string(4096, 'x') + "\r\n"));
    CHECK(answer.find(" 200 ") == std::string::npos);
    CHECK(server.ask(closing("GET /x")).starts_with("HTTP/1.1 200 "));
}

TEST_CASE("who is slow loses the connection, however steadily it sends, and who goes on asking does not") {
    Server server({.longest = std::chrono::milliseconds(200)});
    Fd slow = server.connect();
    Server::say(slow, "GET /x HTTP/1.1\r\n");
    Fd silent = server.connect();
    CHECK(server.ask(closing("GET /x")).starts_with("HTTP/1.1 200 "));
    CHECK(Server::hear(silent).find(" 200 ") == std::string::npos);
    CHECK(Server::hear(slow).find(" 200 ") == std::string::npos);
}

TEST_CASE("one peer has no more than its share, and gets it again") {
    Server server({.per_peer = 2});
    std::vector<Fd> kept;
    for (int i = 0; i < 2; ++i) {
        kept.push_back(server.connect());
        Server::say(kept.back(), "GET /x HTTP/1.1\r\nHost: x\r\n\r\n");
        char first = 0;
        REQUIRE(::read(kept.back().get(), &first, 1) == 1);
    }
    Fd beyond = server.connect();
    CHECK(Server::hear(beyond).empty());
    kept.clear();
    std::string answer;
    while (answer.empty()) // until the server has seen that they are gone
        answer = server.ask(closing("GET /x"));
    CHECK(answer.starts_with("HTTP/1.1 200 "));
}
