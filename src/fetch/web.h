// SPDX-License-Identifier: Apache-2.0
//
// The web as this user may use it: what is verified, what may go without TLS, and who we are to servers.

#pragma once

#include "config/settings.h"
#include "wrap/http.h"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

namespace rkt {

// As large as a page, a signature or a file of keys may be.
inline constexpr std::size_t web_text_limit = 1 << 20;
inline constexpr int web_text_tries = 3;

struct WebOptions {
    bool verify_tls = true;
    bool allow_http = false; // for what is discovered, and for redirections
    std::chrono::seconds stall_timeout{30};
    AuthSettings auth = {};
};

class Web {
public:
    explicit Web(WebOptions options = {});

    const WebOptions& options() const noexcept { return options_; }

    // A request for this, with the credentials that are configured for its host and port (DISC-17).
    HttpRequest request(const Url& url) const;

    HttpHead get(const HttpRequest& request) { return http_.get(request); }

    // The whole of a small text, within a minute or two. Throws Error that names the URL: also for another
    // status than 200, and when it is larger than the limit.
    std::string text(const Url& url, std::size_t limit = web_text_limit, int tries = web_text_tries);

    // The same, and nothing if the server answers that it is to come (202).
    std::optional<std::string> find_text(const Url& url);

private:
    struct Answer {
        HttpHead head;
        std::string text;
    };
    Answer ask(const Url& url, std::size_t limit, int tries);

    WebOptions options_;
    Http http_;
};

// Says what the status is, and what to do about it. For an answer that is not what was wanted.
[[noreturn]] void refuse_status(const HttpHead& head);

} // namespace rkt
