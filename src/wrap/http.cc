// SPDX-License-Identifier: Apache-2.0

#include "wrap/http.h"

#include "base/text.h"
#include "wrap/handle.h"
#include "wrap/http-fault.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <list>
#include <new>
#include <utility>

#include <curl/curl.h>

namespace rkt {

namespace {

using Clock = std::chrono::steady_clock;

constexpr int most_redirections = 10;
constexpr long largest_piece = 256 * 1024; // of a body at once
constexpr std::size_t most_header_bytes = 64 * 1024;

// Of the body of an answer that nobody wants: as much as is worth reading to keep the connection.
constexpr std::uint64_t most_unwanted_bytes = 64 * 1024;

// libcurl reads most of what it needs from the environment, but for the two that its tool reads for it.
const char* variable(const char* name) noexcept {
    const char* value = std::getenv(name);
    return value != nullptr && *value != '\0' ? value : nullptr;
}

const char* authorities() noexcept {
    const char* file = variable("CURL_CA_BUNDLE");
    return file != nullptr ? file : variable("SSL_CERT_FILE");
}

void append(Handle<curl_slist, curl_slist_free_all>& list, const std::string& line) {
    curl_slist* longer = curl_slist_append(list.get(), line.c_str());
    if (longer == nullptr)
        throw std::bad_alloc();
    (void)list.release();
    list.reset(longer);
}

// One request on its way: several exchanges, one after the other, as redirections and faults want it.
class Transfer {
public:
    Transfer(const HttpRequest& request, const HttpOptions& options)
        : request_(request), options_(options), url_(request.url), easy_(curl_easy_init()) {
        if (!easy_)
            throw std::bad_alloc();
        if (request.longest.count() > 0)
            deadline_ = Clock::now() + request.longest;
    }

    CURL* easy() const noexcept { return easy_.get(); }
    const std::optional<Clock::time_point>& due() const noexcept { return due_; }
    bool has_ended() const noexcept { return ended_; }
    HttpOutcome take_outcome() noexcept { return std::move(outcome_); }

    // The next exchange, from its beginning.
    void prepare();

    // An exchange is over: either all is, or the next one is due.
    void finish_exchange(CURLcode result) noexcept;

private:
    template <class T>
    void set(CURLoption option, T value) {
        if (CURLcode code = curl_easy_setopt(easy_.get(), option, value); code != CURLE_OK)
            throw Error("asking {}: {}", url_.host, curl_easy_strerror(code));
    }

    void set_limits();
    void set_trust();
    void set_headers();
    void take_header(std::string_view line);
    void take_head();
    void take_body(std::span<const std::byte> bytes);
    void decide(CURLcode result);
    void decide_status();
    void decide_fault(CURLcode result);
    void follow(const std::string& link);
    bool try_again(std::optional<std::uint64_t> seconds);
    long milliseconds_left() const;

    static std::size_t on_header(char* data, std::size_t size, std::size_t count, void* transfer) noexcept;
    static std::size_t on_body(char* data, std::size_t size, std::size_t count, void* transfer) noexcept;

    const HttpRequest& request_;
    const HttpOptions& options_;
    Url url_;
    Handle<CURL, curl_easy_cleanup> easy_;
    Handle<curl_slist, curl_slist_free_all> headers_ = {};
    std::array<char, CURL_ERROR_SIZE> words_ = {};
    std::optional<Clock::time_point> deadline_ = {};
    std::optional<Clock::time_point> due_ = Clock::now();

    HttpHead head_ = {};
    std::size_t header_bytes_ = 0;
    std::uint64_t body_bytes_ = 0;
    bool head_is_whole_ = false;
    bool had_enough_ = false; // of a body that nobody wants
    std::exception_ptr thrown_ = {};
    int redirections_ = 0;
    int tries_ = 1;

    bool ended_ = false;
    HttpOutcome outcome_ = {};
};

long Transfer::milliseconds_left() const {
    if (!deadline_)
        return 0;
    auto left = std::chrono::ceil<std::chrono::milliseconds>(*deadline_ - Clock::now());
    return static_cast<long>(std::max<std::chrono::milliseconds::rep>(left.count(), 1));
}

void Transfer::set_limits() {
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_FOLLOWLOCATION, 0L);
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_BUFFERSIZE, largest_piece);
    set(CURLOPT_CONNECTTIMEOUT, static_cast<long>(options_.connect_timeout.count()));
    set(CURLOPT_LOW_SPEED_LIMIT, static_cast<long>(options_.slowest_rate));
    set(CURLOPT_LOW_SPEED_TIME, static_cast<long>(options_.stall_timeout.count()));
    set(CURLOPT_TIMEOUT_MS, milliseconds_left());
}

void Transfer::set_trust() {
    set(CURLOPT_SSL_VERIFYPEER, options_.verify_tls ? 1L : 0L);
    set(CURLOPT_SSL_VERIFYHOST, options_.verify_tls ? 2L : 0L);
    if (const char* file = authorities())
        set(CURLOPT_CAINFO, file);
    // libcurl leaves the name in capitals alone, for the sake of CGI programs, where a client may set it.
    if (const char* proxy = variable("HTTP_PROXY"); proxy != nullptr && variable("http_proxy") == nullptr)
        if (!url_.is_https())
            set(CURLOPT_PROXY, proxy);
}

// What is for one server is not sent to another to which it redirects, and never without TLS.
void Transfer::set_headers() {
    headers_.reset();
    for (const std::string& line : request_.headers)
        append(headers_, line);
    if (url_.is_https() && url_.host == request_.url.host)
        for (const std::string& line : request_.credentials)
            append(headers_, line);
    set(CURLOPT_HTTPHEADER, headers_.get());
    if (!options_.agent.empty())
        set(CURLOPT_USERAGENT, options_.agent.c_str());
}

void Transfer::prepare() {
    due_.reset();
    head_ = {.url = url_};
    header_bytes_ = 0;
    head_is_whole_ = false;
    words_.front() = '\0';
    curl_easy_reset(easy_.get());
    set(CURLOPT_URL, url_.str().c_str());
    set(CURLOPT_PRIVATE, this);
    set(CURLOPT_ERRORBUFFER, words_.data());
    set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    set(CURLOPT_HEADERFUNCTION, &Transfer::on_header);
    set(CURLOPT_HEADERDATA, this);
    set(CURLOPT_WRITEFUNCTION, &Transfer::on_body);
    set(CURLOPT_WRITEDATA, this);
    set_limits();
    set_trust();
    set_headers();
}

// What is thrown must not pass through libcurl: it is kept, and anything but the whole count ends the
// exchange.
std::size_t Transfer::on_header(char* data, std::size_t size, std::size_t count, void* transfer) noexcept {
    auto& self = *static_cast<Transfer*>(transfer);
    try {
        self.take_header({data, size * count});
        return size * count;
    } catch (...) {
        self.thrown_ = std::current_exception();
        return 0;
    }
}

std::size_t Transfer::on_body(char* data, std::size_t size, std::size_t count, void* transfer) noexcept {
    auto& self = *static_cast<Transfer*>(transfer);
    try {
        self.take_body(std::as_bytes(std::span(data, size * count)));
        return self.had_enough_ ? 0 : size * count;
    } catch (...) {
        self.thrown_ = std::current_exception();
        return 0;
    }
}

void Transfer::take_header(std::string_view line) {
    header_bytes_ += line.size();
    if (header_bytes_ > most_header_bytes)
        throw Error("{} sends headers of more than {} bytes", url_.host, most_header_bytes);
    if (head_is_whole_) // what follows the body of an answer in chunks
        return;
    if (trim(line).empty())
        return take_head();
    head_.take_line(line);
}

void Transfer::take_head() {
    long status = 0;
    curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
    if (status < 200) // more is to come
        return;
    head_.status = static_cast<int>(status);
    head_is_whole_ = true;
    if (!head_.has_body())
        return;
    if (std::uint64_t length = head_.number("content-length").value_or(0); length > request_.most_bytes)
        throw Error("{} wants to send {} bytes, and {} are the most that is taken", url_.host, length,
                    request_.most_bytes);
    if (request_.head)
        request_.head(head_);
}

void Transfer::take_body(std::span<const std::byte> bytes) {
    if (!head_.has_body()) {
        had_enough_ = (body_bytes_ += bytes.size()) > most_unwanted_bytes;
        return;
    }
    body_bytes_ += bytes.size();
    if (body_bytes_ > request_.most_bytes)
        throw Error("{} sends more than {} bytes", url_.host, request_.most_bytes);
    if (request_.body)
        request_.body(bytes);
}

void Transfer::follow(const std::string& link) {
    if (++redirections_ > most_redirections)
        throw Error("{} redirects more than {} times", request_.url.host, most_redirections);
    Url next = url_.resolve(link);
    if (url_.is_https() && !next.is_https() && !request_.may_lose_tls)
        throw Error("{} redirects from https to {}, which is not safe", url_.host, next.str());
    url_ = std::move(next);
    due_ = Clock::now();
}

// False if there is no further try, or the server wants a longer pause than we do.
bool Transfer::try_again(std::optional<std::uint64_t> seconds) {
    if (tries_ >= request_.tries)
        return false;
    std::chrono::milliseconds pause = options_.first_pause * (1 << std::min(tries_ - 1, 10));
    if (seconds) {
        if (*seconds > static_cast<std::uint64_t>(options_.longest_pause.count() / 1000))
            return false;
        pause = std::chrono::seconds(*seconds);
    }
    pause = std::min(pause, options_.longest_pause);
    if (deadline_ && Clock::now() + pause >= *deadline_)
        return false;
    ++tries_;
    due_ = Clock::now() + pause;
    return true;
}

void Transfer::decide_status() {
    if (const std::string* link = head_.find("location"); link != nullptr && head_.is_redirection())
        return follow(*link);
    if (head_.may_pass() && try_again(head_.number("retry-after")))
        return;
    outcome_.head = std::move(head_);
    ended_ = true;
}

void Transfer::decide_fault(CURLcode result) {
    long answer = 0;
    curl_easy_getinfo(easy_.get(), CURLINFO_OS_ERRNO, &answer);
    bool may_pass = result == CURLE_COULDNT_CONNECT || result == CURLE_GOT_NOTHING ||
                    result == CURLE_SEND_ERROR || result == CURLE_RECV_ERROR;
    if (may_pass && !head_.has_body() && try_again(std::nullopt))
        return;
    curl_off_t sent_after = 0; // microseconds; 0 if there was no connection
    curl_easy_getinfo(easy_.get(), CURLINFO_PRETRANSFER_TIME_T, &sent_after);
    throw_http_fault({.code = result,
                      .host = url_.host,
                      .words = words_.data(),
                      .system_error = static_cast<int>(answer),
                      .was_connected = sent_after > 0,
                      .is_out_of_time = deadline_ && Clock::now() >= *deadline_,
                      .longest = request_.longest,
                      .options = options_});
}

void Transfer::decide(CURLcode result) {
    if (thrown_)
        std::rethrow_exception(std::exchange(thrown_, nullptr));
    if (result == CURLE_OK || (had_enough_ && result == CURLE_WRITE_ERROR))
        decide_status();
    else
        decide_fault(result);
    body_bytes_ = 0;
    had_enough_ = false;
}

void Transfer::finish_exchange(CURLcode result) noexcept {
    try {
        decide(result);
    } catch (...) {
        outcome_.fault = std::current_exception();
        ended_ = true;
    }
}

void initialize() {
    static const CURLcode code = curl_global_init(CURL_GLOBAL_DEFAULT);
    if (code != CURLE_OK)
        throw Error("preparing for http: {}", curl_easy_strerror(code));
}

} // namespace

// Connections are kept from one request to the next.
class Http::Connections {
public:
    Connections() : multi_(curl_multi_init()) {
        if (!multi_)
            throw std::bad_alloc();
    }

    void run(std::list<Transfer>& transfers) {
        while (!std::ranges::all_of(transfers, &Transfer::has_ended)) {
            int patience = start_due(transfers);
            int running = 0;
            check(curl_multi_perform(multi_.get(), &running));
            if (!collect())
                check(curl_multi_poll(multi_.get(), nullptr, 0, patience, nullptr));
        }
    }

private:
    static void check(CURLMcode code) {
        if (code != CURLM_OK)
            throw Error("speaking http: {}", curl_multi_strerror(code));
    }

    // Gives the milliseconds until the next one is due.
    int start_due(std::list<Transfer>& transfers) {
        constexpr std::chrono::milliseconds::rep longest = 1000;
        auto patience = longest;
        for (Transfer& transfer : transfers) {
            if (!transfer.due())
                continue;
            auto left = std::chrono::ceil<std::chrono::milliseconds>(*transfer.due() - Clock::now()).count();
            if (left > 0) {
                patience = std::min(patience, left);
                continue;
            }
            transfer.prepare();
            check(curl_multi_add_handle(multi_.get(), transfer.easy()));
        }
        return static_cast<int>(patience);
    }

    // Whether something has ended.
    bool collect() {
        bool any = false;
        int left = 0;
        while (CURLMsg* message = curl_multi_info_read(multi_.get(), &left)) {
            CURL* easy = message->easy_handle;
            CURLcode result = message->data.result;
            char* transfer = nullptr;
            curl_easy_getinfo(easy, CURLINFO_PRIVATE, &transfer);
            check(curl_multi_remove_handle(multi_.get(), easy));
            reinterpret_cast<Transfer*>(transfer)->finish_exchange(result);
            any = true;
        }
        return any;
    }

    Handle<CURLM, curl_multi_cleanup> multi_;
};

Http::Http(HttpOptions options) : options_(std::move(options)) {
    initialize();
    connections_ = std::make_unique<Connections>();
}

Http::Http(Http&&) noexcept = default;
Http::~Http() = default;

std::vector<HttpOutcome> Http::get_all(std::span<const HttpRequest> requests) {
    std::list<Transfer> transfers;
    for (const HttpRequest& request : requests)
        transfers.emplace_back(request, options_);
    connections_->run(transfers);
    std::vector<HttpOutcome> outcomes;
    for (Transfer& transfer : transfers)
        outcomes.push_back(transfer.take_outcome());
    return outcomes;
}

HttpHead Http::get(const HttpRequest& request) {
    HttpOutcome outcome = std::move(get_all({&request, 1}).front());
    if (outcome.fault)
        std::rethrow_exception(outcome.fault);
    return std::move(outcome.head);
}

} // namespace rkt
