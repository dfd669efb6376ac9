// SPDX-License-Identifier: Apache-2.0

#include "os/loop.h"

#include "base/error.h"

#include <algorithm>
#include <cerrno>

#include <poll.h>

namespace rkt {

void Loop::watch(int fd, Handler handler) {
    watches_.push_back({fd, POLLIN, std::move(handler)});
}

void Loop::watch_writable(int fd, Handler handler) {
    watches_.push_back({fd, POLLOUT, std::move(handler)});
}

void Loop::forget(int fd) {
    std::erase_if(watches_, [fd](const Watch& watch) { return watch.fd == fd; });
}

void Loop::alarm(std::chrono::milliseconds after, Handler handler) {
    alarm_at_ = std::chrono::steady_clock::now() + after;
    alarm_ = std::move(handler);
}

int Loop::patience() const {
    if (!alarm_at_)
        return -1;
    auto left = std::chrono::ceil<std::chrono::milliseconds>(*alarm_at_ - std::chrono::steady_clock::now());
    return static_cast<int>(std::clamp<std::chrono::milliseconds::rep>(left.count(), 0, 1 << 30));
}

void Loop::ring() {
    if (!alarm_at_ || *alarm_at_ > std::chrono::steady_clock::now())
        return;
    alarm_at_.reset();
    std::exchange(alarm_, {})();
}

void Loop::run() {
    running_ = true;
    while (running_) {
        std::vector<pollfd> polled;
        for (const Watch& watch : watches_)
            polled.push_back({.fd = watch.fd, .events = watch.events, .revents = 0});
        if (::poll(polled.data(), polled.size(), patience()) < 0 && errno != EINTR)
            throw SystemError(errno, "waiting for events");
        ring();
        for (const pollfd& ready : polled) {
            if (ready.revents == 0)
                continue;
            // A handler may have forgotten this descriptor, or may forget itself: call a copy.
            auto found = std::ranges::find(watches_, ready.fd, &Watch::fd);
            if (found != watches_.end())
                Handler(found->handler)();
        }
    }
}

} // namespace rkt
