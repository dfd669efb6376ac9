// SPDX-License-Identifier: Apache-2.0

#include "stage0/streams.h"

#include "appc/pod-manifest.h"
#include "base/error.h"
#include "base/log.h"
#include "os/file.h"
#include "os/local-socket.h"
#include "pod/user-range.h"

#include <algorithm>
#include <filesystem>

#include <unistd.h>

namespace rkt {

namespace {

// Our own input can be that of one app only.
bool reads(const AppModes& app) {
    Endpoints endpoints = endpoints_of(app.modes);
    return endpoints.terminal || endpoints.in;
}

// The pod's systemd is to connect, as the pod's root.
Fd listen_for(const PodLayout& pod, const std::string& app, uid_t root) {
    std::filesystem::path place = pod.streams(app);
    std::filesystem::create_directories(place.parent_path());
    Fd listener = listen_at(place, SOCK_STREAM);
    if (::lchown(place.c_str(), root, root) < 0)
        throw SystemError(errno, "giving {} to the pod", place);
    return listener;
}

// Who has gone already need not be told.
void join(AppStreams& app, Fd guest, const Endpoints& endpoints) {
    try {
        app.join(std::move(guest), endpoints);
    } catch (const SystemError& error) {
        trace("{}", error.what());
    }
}

void refuse(int guest, const char* reason) {
    try {
        send_parcel(guest, reason);
    } catch (const SystemError& error) {
        trace("{}", error.what());
    }
}

} // namespace

std::vector<AppModes> read_modes(const PodLayout& pod) {
    std::vector<AppModes> apps;
    std::string text = read_file(pod.manifest());
    if (text.find("coreos.com/rkt/stage2/std") == std::string::npos) // of most pods: it need not be parsed
        return apps;
    for (const RuntimeApp& app : PodManifest::parse(text).apps)
        apps.push_back({app.name.str(), stream_modes_of(app.annotations)});
    return apps;
}

Streams::Streams(Loop& loop, const PodLayout& pod, const std::vector<AppModes>& apps, const Options& options)
    : loop_(loop), pod_(pod), listener_(listen_at(pod.attach(), SOCK_SEQPACKET)) {
    std::optional<UserRange> range = range_of(pod);
    uid_t root = range ? range->shift : 0;
    bool own_input = options.own && std::ranges::count_if(apps, reads) == 1;
    for (const AppModes& app : apps) {
        if (!app.modes.carried())
            continue;
        bool has_input = own_input && reads(app);
        // A terminal that we cannot type at is not ours to show.
        bool shown = options.own && (has_input || !app.modes.is_terminal());
        apps_.emplace_back(loop_, AppStreams::Parts{.name = app.app,
                                                    .modes = app.modes,
                                                    .listener = listen_for(pod, app.app, root),
                                                    .root = root,
                                                    .shown = shown,
                                                    .relay = has_input ? &relay_ : nullptr,
                                                    .unread = options.unread});
    }
    loop_.watch(listener_.get(), [this] { receive_guest(); });
}

Streams::~Streams() {
    loop_.forget(listener_.get());
    for (const Fd& newcomer : newcomers_)
        loop_.forget(newcomer.get());
    ::unlink(pod_.attach().c_str());
}

void Streams::finish(std::string_view app, int until) {
    for (AppStreams& streams : apps_)
        if (streams.name() == app)
            streams.finish(until);
}

void Streams::finish(int until) {
    for (AppStreams& streams : apps_)
        streams.finish(until);
    relay_.finish();
}

void Streams::receive_guest() {
    Fd guest = accept_from(listener_.get());
    if (!guest || peer_of(guest.get()) != ::geteuid())
        return;
    newcomers_.push_back(std::move(guest));
    loop_.watch(newcomers_.back().get(), [this, fd = newcomers_.back().get()] { hear_guest(fd); });
}

void Streams::hear_guest(int socket) {
    std::optional<Parcel> parcel = receive_parcel(socket);
    if (!parcel)
        return;
    loop_.forget(socket);
    auto found = std::ranges::find(newcomers_, socket, &Fd::get);
    Fd guest = std::move(*found);
    newcomers_.erase(found);
    if (parcel->is_end())
        return;
    try {
        AttachWords words = AttachWords::parse(parcel->text);
        auto app = std::ranges::find(apps_, words.app, &AppStreams::name);
        if (app == apps_.end())
            throw Error("nothing of app {} is carried", words.app);
        app->check(words.endpoints);
        join(*app, std::move(guest), words.endpoints);
    } catch (const Error& error) {
        refuse(guest.get(), error.what());
    }
}

AttachWords AttachWords::parse(std::string_view text) {
    auto space = text.find(' ');
    if (space == std::string_view::npos)
        throw Error("\"{}\" names no app and its streams", text);
    return {.app = std::string(text.substr(0, space)), .endpoints = Endpoints::parse(text.substr(space + 1))};
}

} // namespace rkt
