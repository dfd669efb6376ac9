// SPDX-License-Identifier: Apache-2.0

#include "fetch/web.h"

#include "base/error.h"
#include "base/text.h"

#include <variant>

namespace rkt {

namespace {

constexpr std::chrono::seconds longest_text{120};
constexpr int to_come = 202;

std::string authorization(const Credentials& credentials) {
    if (const auto* basic = std::get_if<BasicAuth>(&credentials))
        return "Authorization: Basic " + base64(basic->user + ":" + basic->password.reveal());
    return "Authorization: Bearer " + std::get<BearerAuth>(credentials).token.reveal();
}

} // namespace

Web::Web(WebOptions options)
    : options_(std::move(options)), http_({.verify_tls = options_.verify_tls,
                                           .agent = "rkt/" RKT_VERSION,
                                           .stall_timeout = options_.stall_timeout}) {}

HttpRequest Web::request(const Url& url) const {
    HttpRequest request = {.url = url, .may_lose_tls = options_.allow_http};
    if (const Credentials* credentials = options_.auth.find(url.host))
        request.credentials.push_back(authorization(*credentials));
    return request;
}

// Gives no other status than these.
Web::Answer Web::ask(const Url& url, std::size_t limit, int tries) {
    Answer answer;
    HttpRequest asked = request(url);
    asked.most_bytes = limit;
    asked.longest = longest_text;
    asked.tries = tries;
    asked.head = [&](const HttpHead&) { answer.text.clear(); };
    asked.body = [&](std::span<const std::byte> bytes) {
        answer.text.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    };
    try {
        answer.head = http_.get(asked);
        if (answer.head.status != 200 && answer.head.status != to_come)
            refuse_status(answer.head);
        return answer;
    } catch (Error& error) {
        error.during("getting {}", url.str());
        throw;
    }
}

std::string Web::text(const Url& url, std::size_t limit, int tries) {
    Answer answer = ask(url, limit, tries);
    if (answer.head.status != 200)
        refuse_status(answer.head);
    return std::move(answer.text);
}

std::optional<std::string> Web::find_text(const Url& url) {
    Answer answer = ask(url, web_text_limit, web_text_tries);
    if (answer.head.status != 200)
        return std::nullopt;
    return std::move(answer.text);
}

void refuse_status(const HttpHead& head) {
    switch (head.status) {
    case 401:
    case 403:
        throw Error("{} answers with status {}; rkt-config(5) tells where to say who you are", head.url.host,
                    head.status);
    case 404:
    case 410:
        throw Error("{} has no such thing (status {})", head.url.host, head.status);
    default:
        throw Error("{} answers with status {}", head.url.host, head.status);
    }
}

} // namespace rkt
