// SPDX-License-Identifier: Apache-2.0

#include "wrap/http-server.h"

#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "os/local-socket.h"
#include "os/loop.h"
#include "wrap/handle.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <vector>

#include <microhttpd.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace rkt {

namespace {

using Clock = std::chrono::steady_clock;
using Response = Handle<MHD_Response, MHD_destroy_response>;

constexpr int too_large = 413;

// What has come of a request.
struct Pending {
    std::string body = {};
    bool too_large = false;
};

MHD_Result send(MHD_Connection* connection, const HttpAnswer& answer) noexcept {
    // The library copies it, and does not write there.
    Response response(MHD_create_response_from_buffer(
        answer.body.size(), const_cast<char*>(answer.body.data()), MHD_RESPMEM_MUST_COPY));
    if (!response)
        return MHD_NO;
    MHD_add_response_header(response.get(), MHD_HTTP_HEADER_CONTENT_TYPE, answer.type.c_str());
    if (!answer.allow.empty())
        MHD_add_response_header(response.get(), MHD_HTTP_HEADER_ALLOW, answer.allow.c_str());
    return MHD_queue_response(connection, static_cast<unsigned>(answer.status), response.get());
}

HttpAnswer refusal_of_length(std::size_t most) {
    return {.status = too_large, .body = fmt::format("a body may have {} bytes\n", most)};
}

// Paths are taken apart before they are decoded: a coded slash is none.
std::size_t leave_coded(void*, MHD_Connection*, char* text) noexcept {
    return std::strlen(text);
}

// libmicrohttpd counts the connections of each IP address. Those of a local socket are counted by their user,
// who has a pod's range of users to himself, in the place of an address of IPv4.
sockaddr_storage peer_address(int connection) {
    sockaddr_storage address = {};
    socklen_t size = sizeof address;
    if (::getpeername(connection, reinterpret_cast<sockaddr*>(&address), &size) == 0 &&
        address.ss_family != AF_UNIX)
        return address;
    sockaddr_in counted = {};
    counted.sin_family = AF_INET;
    counted.sin_addr.s_addr = peer_of(connection);
    address = {};
    std::memcpy(&address, &counted, sizeof counted);
    return address;
}

} // namespace

// The library calls back from C, where nothing may be thrown.
class HttpServer::Connections {
public:
    Connections(HttpServerOptions options, Handler handler);

    void add(Fd listener);
    void run(std::optional<std::chrono::milliseconds> idle);

private:
    struct Connection {
        int fd;
        Clock::time_point until;
    };

    static MHD_Result on_request(void* self, MHD_Connection* connection, const char* path, const char* method,
                                 const char*, const char* data, std::size_t* size, void** pending) noexcept;
    static void on_completed(void* self, MHD_Connection* connection, void** pending,
                             MHD_RequestTerminationCode) noexcept;
    static void on_connection(void* self, MHD_Connection* connection, void**,
                              MHD_ConnectionNotificationCode what) noexcept;

    MHD_Result take(MHD_Connection* connection, Pending& pending, const char* data, std::size_t* size) const;
    HttpAnswer answer(const HttpCall& call) const;
    void accept_all(int listener);
    void work();
    void plan();
    void tick();

    HttpServerOptions options_;
    Handler handler_;
    Loop loop_ = {};
    std::vector<Fd> listeners_ = {};
    std::map<MHD_Connection*, Connection> open_ = {};
    std::optional<std::chrono::milliseconds> idle_ = {};
    Clock::time_point idle_since_ = Clock::now();
    Handle<MHD_Daemon, MHD_stop_daemon> daemon_ = {}; // last: it calls back while it ends
};

HttpServer::Connections::Connections(HttpServerOptions options, Handler handler)
    : options_(options), handler_(std::move(handler)) {
    daemon_.reset(MHD_start_daemon(
        MHD_USE_EPOLL | MHD_USE_NO_LISTEN_SOCKET, 0, nullptr, nullptr, on_request, this,             //
        MHD_OPTION_CONNECTION_LIMIT, options.connections,                                            //
        MHD_OPTION_PER_IP_CONNECTION_LIMIT, options.per_peer,                                        //
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, options.head, MHD_OPTION_NOTIFY_COMPLETED, on_completed, //
        this, MHD_OPTION_NOTIFY_CONNECTION, on_connection, this, MHD_OPTION_UNESCAPE_CALLBACK, leave_coded,
        nullptr, MHD_OPTION_END));
    if (!daemon_)
        throw Error("starting a server of http: libmicrohttpd refuses");
    const MHD_DaemonInfo* info = MHD_get_daemon_info(daemon_.get(), MHD_DAEMON_INFO_EPOLL_FD);
    loop_.watch(info->epoll_fd, [this] { work(); });
}

void HttpServer::Connections::add(Fd listener) {
    never_wait(listener.get());
    int fd = listener.get();
    listeners_.push_back(std::move(listener));
    loop_.watch(fd, [this, fd] { accept_all(fd); });
}

void HttpServer::Connections::run(std::optional<std::chrono::milliseconds> idle) {
    idle_ = idle;
    idle_since_ = Clock::now();
    plan();
    loop_.run();
}

// As many as wait now, and no more: those that are open have their turn, too.
void HttpServer::Connections::accept_all(int listener) {
    for (unsigned i = 0; i < options_.per_peer; ++i) {
        Fd connection = accept_from(listener);
        if (!connection)
            break;
        sockaddr_storage address = peer_address(connection.get());
        // It is the library's in any case, which closes it when there are too many.
        MHD_add_connection(daemon_.get(), connection.release(), reinterpret_cast<sockaddr*>(&address),
                           address.ss_family == AF_INET6 ? sizeof(sockaddr_in6) : sizeof(sockaddr_in));
    }
    work();
}

void HttpServer::Connections::work() {
    MHD_run(daemon_.get());
    plan();
}

void HttpServer::Connections::plan() {
    MHD_UNSIGNED_LONG_LONG pause = 0;
    if (MHD_get_timeout(daemon_.get(), &pause) == MHD_YES && pause == 0)
        return loop_.alarm(std::chrono::milliseconds(0), [this] { work(); });
    std::optional<Clock::time_point> next;
    if (open_.empty() && idle_)
        next = idle_since_ + *idle_;
    for (const auto& [connection, state] : open_)
        next = std::min(next.value_or(state.until), state.until);
    if (next)
        loop_.alarm(std::chrono::ceil<std::chrono::milliseconds>(*next - Clock::now()), [this] { tick(); });
}

// A connection whose socket is shut is closed by the library, which alone may do that.
void HttpServer::Connections::tick() {
    Clock::time_point now = Clock::now();
    if (open_.empty() && idle_ && now >= idle_since_ + *idle_)
        return loop_.stop();
    for (auto& [connection, state] : open_)
        if (now >= state.until) {
            ::shutdown(state.fd, SHUT_RDWR);
            state.until = now + options_.longest;
        }
    work();
}

void HttpServer::Connections::on_connection(void* self, MHD_Connection* connection, void**,
                                            MHD_ConnectionNotificationCode what) noexcept {
    auto& all = *static_cast<Connections*>(self);
    if (what == MHD_CONNECTION_NOTIFY_CLOSED) {
        all.open_.erase(connection);
        all.idle_since_ = Clock::now();
        return;
    }
    const MHD_ConnectionInfo* info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    all.open_[connection] = {info->connect_fd, Clock::now() + all.options_.longest};
}

void HttpServer::Connections::on_completed(void* self, MHD_Connection* connection, void** pending,
                                           MHD_RequestTerminationCode) noexcept {
    auto& all = *static_cast<Connections*>(self);
    delete static_cast<Pending*>(*pending);
    *pending = nullptr;
    if (auto found = all.open_.find(connection); found != all.open_.end())
        found->second.until = Clock::now() + all.options_.longest;
}

HttpAnswer HttpServer::Connections::answer(const HttpCall& call) const {
    try {
        return handler_(call);
    } catch (const std::exception& error) {
        warn("answering a request: {}", error.what()); // not which one: its path has the token
        return {.status = MHD_HTTP_INTERNAL_SERVER_ERROR, .body = "the service has a fault\n"};
    }
}

// A body that is announced as too long is not waited for; of one that turns out to be no more is kept.
MHD_Result HttpServer::Connections::take(MHD_Connection* connection, Pending& pending, const char* data,
                                         std::size_t* size) const {
    if (data == nullptr) {
        const char* text =
            MHD_lookup_connection_value(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_CONTENT_LENGTH);
        bool fits = parse_number(text != nullptr ? text : "0").value_or(UINT64_MAX) <= options_.body;
        return fits ? MHD_YES : send(connection, refusal_of_length(options_.body));
    }
    pending.too_large = pending.too_large || *size > options_.body - pending.body.size();
    if (!pending.too_large)
        pending.body.append(data, *size);
    *size = 0;
    return MHD_YES;
}

// Called when the head is there, for each part of the body, and at the end.
MHD_Result HttpServer::Connections::on_request(void* self, MHD_Connection* connection, const char* path,
                                               const char* method, const char*, const char* data,
                                               std::size_t* size, void** pending) noexcept {
    auto& all = *static_cast<Connections*>(self);
    try {
        if (*pending == nullptr) {
            auto* begun = new Pending;
            *pending = begun;
            return all.take(connection, *begun, nullptr, size);
        }
        auto& request = *static_cast<Pending*>(*pending);
        if (*size > 0)
            return all.take(connection, request, data, size);
        if (request.too_large)
            return send(connection, refusal_of_length(all.options_.body));
        return send(connection, all.answer({method, path, std::move(request.body)}));
    } catch (const std::exception&) {
        return MHD_NO; // without memory: the connection is closed
    }
}

HttpServer::HttpServer(HttpServerOptions options, Handler handler)
    : connections_(std::make_unique<Connections>(options, std::move(handler))) {}

HttpServer::~HttpServer() = default;

void HttpServer::add(Fd listener) {
    connections_->add(std::move(listener));
}

void HttpServer::run(std::optional<std::chrono::milliseconds> idle) {
    connections_->run(idle);
}

} // namespace rkt
