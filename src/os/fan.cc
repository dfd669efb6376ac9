// SPDX-License-Identifier: Apache-2.0

#include "os/fan.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>

#include <poll.h>
#include <unistd.h>

namespace rkt {

namespace {

// Who does not read at the end, and is not ours to wait for, has had the time to.
constexpr int moment = 1000; // ms

} // namespace

Fan::~Fan() {
    for (const Fd& source : sources_)
        loop_.forget(source.get());
    for (const Place& place : places_)
        loop_.forget(place.reader.to.get());
}

void Fan::add_source(Fd from) {
    never_wait(from.get());
    sources_.push_back(std::move(from));
    if (sources_.size() == 1)
        fill();
}

void Fan::add_reader(Reader reader) {
    places_.push_back({.reader = std::move(reader), .written = waiting_.size()});
}

// Waits for bytes when all have been written, and for room while some have not.
void Fan::fill() {
    waiting_.clear();
    if (!sources_.empty())
        loop_.watch(sources_.front().get(), [this] { read_more(); });
}

void Fan::read_more() {
    std::array<char, 32768> buffer = {};
    ssize_t size = ::read(sources_.front().get(), buffer.data(), buffer.size());
    if (size < 0 && is_later(errno))
        return;
    if (size > 0 && places_.empty())
        return;
    loop_.forget(sources_.front().get());
    if (size <= 0) { // of a terminal whose other side is gone: EIO
        sources_.pop_front();
        return fill();
    }
    waiting_.assign(buffer.data(), static_cast<std::size_t>(size));
    writing_ = places_.size();
    for (auto place = places_.begin(); place != places_.end(); ++place) {
        place->written = 0;
        loop_.watch_writable(place->reader.to.get(), [this, place] { write_some(place); });
    }
}

// As much as a pipe that can be written is certain to take: the other end may be another's descriptor, on
// which a write could wait.
void Fan::write_some(Places::iterator place) {
    std::size_t rest = std::min<std::size_t>(waiting_.size() - place->written, PIPE_BUF);
    ssize_t size = ::write(place->reader.to.get(), waiting_.data() + place->written, rest);
    if (size < 0 && is_later(errno))
        return;
    if (size < 0)
        return remove(place);
    place->written += static_cast<std::size_t>(size);
    if (place->written < waiting_.size())
        return;
    loop_.forget(place->reader.to.get());
    if (--writing_ == 0)
        fill();
}

// Which has a part of waiting_ to be written still.
void Fan::remove(Places::iterator place) {
    loop_.forget(place->reader.to.get());
    std::function<void()> unread = std::move(place->reader.unread);
    places_.erase(place);
    if (--writing_ == 0)
        fill();
    if (unread)
        unread();
}

// Nobody is waited for twice.
void Fan::write_rest(int until) {
    for (auto place = places_.begin(); place != places_.end();) {
        auto here = place++;
        int fd = here->reader.to.get();
        while (here->written < waiting_.size()) {
            std::array<pollfd, 2> polled = {pollfd{.fd = fd, .events = POLLOUT, .revents = 0},
                                            pollfd{.fd = until, .events = POLLIN, .revents = 0}};
            if (::poll(polled.data(), polled.size(), here->reader.patient ? -1 : moment) < 0)
                continue; // a signal
            bool ready = polled[0].revents != 0;
            std::size_t rest = std::min<std::size_t>(waiting_.size() - here->written, PIPE_BUF);
            ssize_t size = ready ? ::write(fd, waiting_.data() + here->written, rest) : -1;
            if (size > 0)
                here->written += static_cast<std::size_t>(size);
            else if (!ready || !is_later(errno)) {
                places_.erase(here);
                break;
            }
        }
    }
}

void Fan::finish(int until) {
    for (const Place& place : places_)
        loop_.forget(place.reader.to.get());
    for (const Fd& source : sources_)
        loop_.forget(source.get());
    write_rest(until);
    std::array<char, 32768> buffer = {};
    for (std::size_t carried = 0; !sources_.empty() && carried < pipe_limit;) {
        ssize_t size = ::read(sources_.front().get(), buffer.data(), buffer.size());
        if (size <= 0) {
            sources_.pop_front();
            continue;
        }
        carried += static_cast<std::size_t>(size);
        waiting_.assign(buffer.data(), static_cast<std::size_t>(size));
        for (Place& place : places_)
            place.written = 0;
        write_rest(until);
    }
    sources_.clear();
    places_.clear();
    waiting_.clear();
    writing_ = 0;
}

} // namespace rkt
