// SPDX-License-Identifier: Apache-2.0

#include "os/relay.h"

#include "base/error.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

namespace rkt {

namespace {

void wait_for_room(int fd) noexcept {
    pollfd polled = {.fd = fd, .events = POLLOUT, .revents = 0};
    while (::poll(&polled, 1, -1) < 0 && errno == EINTR) {
    }
}

} // namespace

Fd copy_of(int fd) {
    Fd copy(::fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1));
    if (!copy)
        throw SystemError(errno, "copying descriptor {}", fd);
    return copy;
}

Flow::Flow(Loop& loop, Ends ends) : loop_(loop), ends_(std::move(ends)) {
    fill();
}

Flow::~Flow() {
    loop_.forget(ends_.from.get());
    loop_.forget(ends_.to.get());
}

// Waits for bytes when all are written, and for room while some are not.
void Flow::fill() {
    loop_.watch(ends_.from.get(), [this] { read_more(); });
}

void Flow::read_more() {
    std::array<char, 32768> buffer = {};
    ssize_t size = ::read(ends_.from.get(), buffer.data(), buffer.size());
    if (size < 0 && is_later(errno))
        return;
    if (size > 0) {
        waiting_.assign(buffer.data(), static_cast<std::size_t>(size));
        if (ends_.seen)
            ends_.seen(waiting_);
    } else { // of a terminal whose other side is gone: EIO
        at_end_ = true;
        waiting_ = ends_.at_end;
    }
    if (waiting_.empty())
        return end();
    loop_.forget(ends_.from.get());
    loop_.watch_writable(ends_.to.get(), [this] { write_some(); });
}

// As much as a pipe that can be written is certain to take: the other end may be another's descriptor, on
// which a write could wait.
void Flow::write_some() {
    ssize_t size = ::write(ends_.to.get(), waiting_.data(), std::min<std::size_t>(waiting_.size(), PIPE_BUF));
    if (size < 0 && is_later(errno))
        return;
    if (size < 0) {
        end();
        if (ends_.unread)
            ends_.unread();
        return;
    }
    waiting_.erase(0, static_cast<std::size_t>(size));
    if (!waiting_.empty())
        return;
    loop_.forget(ends_.to.get());
    if (at_end_)
        return end();
    fill();
}

void Flow::end() {
    loop_.forget(ends_.from.get());
    loop_.forget(ends_.to.get());
    ends_.from.reset();
    ends_.to.reset();
    waiting_.clear();
    if (at_end_ && ends_.ended)
        std::exchange(ends_.ended, {})();
}

void Flow::finish() {
    for (std::size_t carried = 0; ends_.to && carried < pipe_limit;) {
        if (waiting_.empty()) {
            read_more();
            carried += waiting_.size();
            if (waiting_.empty())
                break;
        }
        wait_for_room(ends_.to.get());
        write_some();
    }
    if (ends_.to)
        end();
}

void Relay::carry_input(Fd to, std::function<void()> ended) {
    never_wait(to.get());
    inputs_.clear();
    inputs_.emplace_back(
        loop_, Flow::Ends{.from = copy_of(STDIN_FILENO), .to = std::move(to), .ended = std::move(ended)});
}

void Relay::carry_output(Fd from, int to, std::function<void()> unread) {
    never_wait(from.get());
    outputs_.emplace_back(
        loop_, Flow::Ends{.from = std::move(from), .to = copy_of(to), .unread = std::move(unread)});
}

void Relay::carry_keys(Fd master, Keys keys) {
    never_wait(master.get());
    inputs_.clear();
    master_ = std::move(master);
    resize();
    if (!raw_ && is_terminal(STDIN_FILENO))
        raw_.emplace(STDIN_FILENO);
    inputs_.emplace_back(loop_, Flow::Ends{.from = copy_of(STDIN_FILENO),
                                           .to = copy_of(master_.get()),
                                           .at_end = std::move(keys.at_end),
                                           .seen = std::move(keys.seen)});
}

void Relay::carry_terminal(Fd master) {
    Fd shown = copy_of(master.get());
    carry_keys(std::move(master));
    outputs_.emplace_back(
        loop_,
        Flow::Ends{.from = std::move(shown), .to = copy_of(STDOUT_FILENO), .unread = [this] { hang_up(); }});
}

void Relay::resize() const {
    std::optional<winsize> size = window_size(STDIN_FILENO);
    if (master_ && size)
        set_window_size(master_.get(), *size);
}

// As a terminal does whose line is cut: who runs at it gets SIGHUP.
void Relay::hang_up() {
    inputs_.clear();
    master_.reset();
}

void Relay::finish() {
    inputs_.clear();
    for (Flow& output : outputs_)
        output.finish();
    outputs_.clear();
    raw_.reset();
    master_.reset();
}

} // namespace rkt
