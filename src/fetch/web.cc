// SPDX-License-Identifier: Apache-2.0

#include "fetch/web.h"

#include "base/error.h"
#include "base/text.h"

#include <variant>

namespace rkt {

namespace {

constexpr std::chrono::seconds longest_text{120};

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

std::string Web::text(const Url& url, std::size_t limit, int tries) {
    std::string text;
    HttpRequest asked = request(url);
    asked.most_bytes = limit;
    asked.longest = longest_text;
    asked.tries = tries;
    asked.head = [&](const HttpHead&) { text.clear(); };
    asked.body = [&](std::span<const std::byte> bytes) {
        text.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    };
    try {
        HttpHead head = http_.get(asked);
        if (head.status != 200)
            refuse_status(head);
        return text;
    } catch (Error& error) {
        error.during("getting {}", url.str());
        throw;
    }
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
