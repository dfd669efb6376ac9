// SPDX-License-Identifier: Apache-2.0

#include "wrap/http.h"

#include "os/fd.h"
#include "os/process.h"

#include <doctest/doctest.h>

#include <atomic>
#include <cerrno>
#include <thread>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace rkt;

namespace {

// Says one text after the other, each to whoever comes next, and keeps what it was asked.
class Server {
public:
    explicit Server(std::vector<std::string> answers) : answers_(std::move(answers)) {
        sockaddr_in address = {};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        socket_ = Fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
        REQUIRE(::bind(socket_.get(), reinterpret_cast<sockaddr*>(&address), size) == 0);
        REQUIRE(::listen(socket_.get(), 8) == 0);
        REQUIRE(::getsockname(socket_.get(), reinterpret_cast<sockaddr*>(&address), &size) == 0);
        host_ = "127.0.0.1:" + std::to_string(ntohs(address.sin_port));
        thread_ = std::thread([this] { serve(); });
    }
    ~Server() {
        ::shutdown(socket_.get(), SHUT_RDWR);
        thread_.join();
    }

    Url url(const std::string& path = "/") const { return Url::parse("http://" + host_ + path); }

    // To be asked when all has been answered.
    const std::vector<std::string>& asked() const { return asked_; }

private:
    void serve() {
        for (const std::string& answer : answers_) {
            Fd peer(::accept4(socket_.get(), nullptr, nullptr, SOCK_CLOEXEC));
            if (!peer)
                return;
            std::string asked;
            char c = 0;
            while (!asked.ends_with("\r\n\r\n") && ::read(peer.get(), &c, 1) == 1)
                asked += c;
            asked_.push_back(asked);
            (void)::send(peer.get(), answer.data(), answer.size(), MSG_NOSIGNAL);
        }
    }

    std::vector<std::string> answers_;
    std::vector<std::string> asked_ = {};
    Fd socket_;
    std::string host_;
    std::thread thread_;
};

std::string answer(const std::string& status, const std::string& headers, const std::string& body = "") {
    return "HTTP/1.1 " + status + "\r\nConnection: close\r\n" + headers +
           "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

HttpOptions hasty() {
    return {.agent = "test",
            .stall_timeout = std::chrono::seconds(1),
            .first_pause = std::chrono::milliseconds(1)};
}

struct Got {
    HttpHead head;
    std::string body;
};

Got get(HttpRequest request, const HttpOptions& options = hasty()) {
    Got got;
    request.body = [&](std::span<const std::byte> bytes) {
        got.body.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    };
    got.head = Http(options).get(request);
    return got;
}

} // namespace

TEST_CASE("a body comes with its head, and headers go with the request") {
    Server server({answer("200 OK", "ETag: \"x\"\r\nCache-Control: no-cache\r\ncache-control: max-age=1\r\n",
                          "hello")});
    Got got = get({.url = server.url("/a?b=c"), .headers = {"Range: bytes=5-"}});
    CHECK(got.head.status == 200);
    CHECK(got.body == "hello");
    CHECK(*got.head.find("etag") == "\"x\"");
    CHECK(*got.head.find("cache-control") == "no-cache, max-age=1");
    CHECK(got.head.number("content-length") == 5);
    CHECK(got.head.find("x") == nullptr);
    CHECK(server.asked().front().starts_with("GET /a?b=c HTTP/1.1\r\n"));
    CHECK(server.asked().front().find("\r\nRange: bytes=5-\r\n") != std::string::npos);
}

TEST_CASE("what has another status has no body that counts") {
    Server server({answer("404 Not Found", "", std::string(200000, 'x'))});
    Got got = get({.url = server.url()});
    CHECK(got.head.status == 404);
    CHECK(got.body.empty());
}

TEST_CASE("redirections are followed ten times, and not to other schemes") {
    auto to = [](const std::string& link) {
        return answer("302 Found", "Location: " + link + "\r\n", "gone");
    };
    SUBCASE("ten") {
        std::vector<std::string> answers(10, to("next"));
        answers.push_back(answer("200 OK", "", "here"));
        Server server(answers);
        Got got = get({.url = server.url("/a/b")});
        CHECK(got.body == "here");
        CHECK(got.head.url.path == "/a/next");
    }
    SUBCASE("eleven") {
        Server server(std::vector<std::string>(11, to("next")));
        CHECK_THROWS_WITH((void)get({.url = server.url()}),
                          (server.url().host + " redirects more than 10 times").c_str());
    }
    SUBCASE("to a file") {
        Server server({to("file:///etc/passwd")});
        CHECK_THROWS_WITH((void)get({.url = server.url()}),
                          "reading the URL \"file:///etc/passwd\": it is none of http or https");
    }
}

TEST_CASE("credentials are not sent without TLS") {
    Server server({answer("200 OK", "")});
    (void)get({.url = server.url(), .credentials = {"Authorization: Basic secret"}});
    CHECK(server.asked().front().find("secret") == std::string::npos);
}

TEST_CASE("what passes is tried again, and Retry-After is honoured within the limit") {
    SUBCASE("until it is well") {
        Server server(
            {answer("503 No", ""), answer("429 No", "Retry-After: 0\r\n"), "", answer("200 OK", "", "x")});
        CHECK(get({.url = server.url()}).body == "x");
        CHECK(server.asked().size() == 4);
    }
    SUBCASE("not for ever") {
        Server server({answer("500 No", ""), answer("500 No", "")});
        CHECK(get({.url = server.url(), .tries = 2}).head.status == 500);
    }
    SUBCASE("not after an hour") {
        Server server({answer("429 No", "Retry-After: 3600\r\n")});
        CHECK(get({.url = server.url()}).head.status == 429);
    }
}

TEST_CASE("what is cut off, stalls or grows is an error of its own") {
    SUBCASE("cut off") {
        Server server({"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello"});
        CHECK_THROWS_AS((void)get({.url = server.url()}), BrokenOff);
    }
    SUBCASE("larger than it may be, as it says") {
        Server server({answer("200 OK", "", "hello")});
        CHECK_THROWS_WITH(
            (void)get({.url = server.url(), .most_bytes = 4}),
            (server.url().host + " wants to send 5 bytes, and 4 are the most that is taken").c_str());
    }
    SUBCASE("larger than it may be, as it turns out") {
        Server server({"HTTP/1.1 200 OK\r\n\r\nhello"});
        CHECK_THROWS_WITH((void)get({.url = server.url(), .most_bytes = 4}),
                          (server.url().host + " sends more than 4 bytes").c_str());
    }
    SUBCASE("headers without end") {
        Server server({"HTTP/1.1 200 OK\r\nA: " + std::string(70000, 'x') + "\r\n\r\n"});
        CHECK_THROWS_AS((void)get({.url = server.url()}), Error);
    }
    SUBCASE("no HTTP") {
        Server server({"SSH-2.0-x\r\n\r\n"});
        CHECK_THROWS_AS((void)get({.url = server.url(), .tries = 1}), Error);
    }
}

TEST_CASE("nobody there is told by name") {
    Url url = [] {
        Server server({});
        return server.url();
    }();
    CHECK_THROWS_WITH_AS((void)get({.url = url, .tries = 2}),
                         ("connecting to " + url.host + ": Connection refused").c_str(), ConnectError);
}

TEST_CASE("what the request's functions throw comes out, and ends this request alone") {
    Server one({answer("200 OK", "", "x")});
    Server other({answer("200 OK", "", "x")});
    std::vector<HttpRequest> requests = {
        {.url = one.url(), .head = [](const HttpHead&) { throw Error("not wanted"); }}, {.url = other.url()}};
    std::vector<HttpOutcome> outcomes = Http(hasty()).get_all(requests);
    CHECK_THROWS_WITH(std::rethrow_exception(outcomes.at(0).fault), "not wanted");
    CHECK(outcomes.at(1).head.status == 200);
}
