// SPDX-License-Identifier: Apache-2.0

#include "stage0/app-streams.h"

#include "base/error.h"
#include "base/log.h"
#include "os/local-socket.h"
#include "os/process.h"
#include "os/terminal.h"

#include <algorithm>

#include <sys/stat.h>
#include <unistd.h>

namespace rkt {

namespace {

// It comes from a process of the app's user: nothing is taken that could make us wait.
bool is_pipe(int fd) noexcept {
    struct stat status = {};
    return ::fstat(fd, &status) == 0 && S_ISFIFO(status.st_mode);
}

bool is_master(int fd) noexcept {
    unsigned number = 0;
    return ::ioctl(fd, TIOCGPTN, &number) == 0;
}

bool fit(const std::vector<Fd>& ends, const Endpoints& endpoints) {
    std::size_t pipes = endpoints.in + endpoints.out + endpoints.err;
    if (ends.size() != pipes + endpoints.terminal || (endpoints.terminal && !is_master(ends.front().get())))
        return false;
    return std::all_of(ends.begin() + endpoints.terminal, ends.end(),
                       [](const Fd& end) { return is_pipe(end.get()); });
}

} // namespace

AppStreams::AppStreams(Loop& loop, Parts parts)
    : loop_(loop), parts_(std::move(parts)), endpoints_(endpoints_of(parts_.modes)) {
    loop_.watch(parts_.listener.get(), [this] { meet_starter(); });
}

AppStreams::~AppStreams() {
    loop_.forget(parts_.listener.get());
    for (const Fd& starter : starters_)
        loop_.forget(starter.get());
    for (const Guest& guest : guests_)
        loop_.forget(guest.socket.get());
}

// The size of our window goes with the first words, so that the app finds it from the start.
void AppStreams::meet_starter() {
    Fd connection = accept_from(parts_.listener.get());
    if (!connection || peer_of(connection.get()) != parts_.root)
        return;
    auto [ours, theirs] = make_socket_pair();
    never_wait(ours.get());
    winsize size = parts_.relay != nullptr ? window_size(STDIN_FILENO).value_or(winsize()) : winsize();
    try {
        send_parcel(connection.get(), fmt::format("{}x{}", size.ws_row, size.ws_col), {theirs.get()});
    } catch (const SystemError& error) {
        return trace("app {}: {}", parts_.name, error.what()); // it has ended already
    }
    starters_.push_back(std::move(ours));
    loop_.watch(starters_.back().get(), [this, socket = starters_.back().get()] { take_streams(socket); });
}

void AppStreams::take_streams(int socket) {
    std::optional<Parcel> parcel = receive_parcel(socket);
    if (!parcel)
        return;
    loop_.forget(socket);
    std::erase_if(starters_, [socket](const Fd& starter) { return starter.get() == socket; });
    if (parcel->is_end()) // a handler that has no need of streams, or one that could not be started
        return;
    if (!fit(parcel->fds, endpoints_))
        return warn("app {}: its streams are not what was asked for, and are not carried", parts_.name);
    take(std::move(parcel->fds));
}

void AppStreams::take(std::vector<Fd> ends) {
    show();
    auto next = ends.begin();
    if (endpoints_.terminal) {
        out_.add_source(copy_of(next->get()));
        take_input(std::move(*next++));
    }
    if (endpoints_.in)
        take_input(std::move(*next++));
    if (endpoints_.out)
        out_.add_source(std::move(*next++));
    if (endpoints_.err)
        err_.add_source(std::move(*next++));
}

void AppStreams::take_input(Fd input) {
    never_wait(input.get());
    if (input_ended_)
        return;
    input_ = std::move(input);
    for (const Guest& guest : guests_)
        tell_input(guest);
    if (parts_.relay == nullptr)
        return;
    if (endpoints_.terminal)
        return parts_.relay->carry_keys(copy_of(input_.get()));
    parts_.relay->carry_input(copy_of(input_.get()), [this] {
        input_.reset();
        input_ended_ = true;
    });
}

// Again after each end of the app.
void AppStreams::show() {
    if (!parts_.shown || is_shown_)
        return;
    is_shown_ = true;
    auto own = [this](int stream) {
        return Fan::Reader{.to = copy_of(stream), .patient = true, .unread = parts_.unread};
    };
    if (endpoints_.terminal || endpoints_.out)
        out_.add_reader(own(STDOUT_FILENO));
    if (endpoints_.err)
        err_.add_reader(own(STDERR_FILENO));
}

void AppStreams::tell_input(const Guest& guest) const {
    if (!guest.types || !input_)
        return;
    try {
        send_parcel(guest.socket.get(), "input", {input_.get()});
    } catch (const SystemError& error) {
        trace("app {}: somebody who has attached: {}", parts_.name, error.what());
    }
}

void AppStreams::check(const Endpoints& wanted) const {
    if (!endpoints_.include(wanted))
        throw Error("app {} has no {} to attach to, but {}", parts_.name, wanted.str(), endpoints_.str());
    if (wanted.in && input_ended_)
        throw Error("the input of app {} has ended", parts_.name);
}

void AppStreams::join(Fd socket, const Endpoints& wanted) {
    std::vector<Fd> readers;
    for (auto [wants, fan] : {std::pair(wanted.terminal || wanted.out, &out_), std::pair(wanted.err, &err_)})
        if (wants) {
            auto [reader, writer] = make_pipe();
            never_wait(writer.get());
            fan->add_reader({.to = std::move(writer)});
            readers.push_back(std::move(reader));
        }
    std::vector<int> numbers;
    numbers.reserve(readers.size());
    for (const Fd& reader : readers)
        numbers.push_back(reader.get());
    send_parcel(socket.get(), "attached", numbers);
    guests_.push_back({.socket = std::move(socket), .types = wanted.terminal || wanted.in});
    tell_input(guests_.back());
    loop_.watch(guests_.back().socket.get(), [this, fd = guests_.back().socket.get()] { drop(fd); });
}

// Who has attached says nothing more: he has gone.
void AppStreams::drop(int socket) {
    loop_.forget(socket);
    std::erase_if(guests_, [socket](const Guest& guest) { return guest.socket.get() == socket; });
}

void AppStreams::finish(int until) {
    out_.finish(until);
    err_.finish(until);
    is_shown_ = false;
    if (parts_.relay != nullptr)
        parts_.relay->finish();
    input_.reset();
    for (const Guest& guest : guests_)
        loop_.forget(guest.socket.get());
    guests_.clear();
}

} // namespace rkt
