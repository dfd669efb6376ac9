// SPDX-License-Identifier: Apache-2.0
//
// Waits for several descriptors at once and calls what belongs to each.

#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <vector>

namespace rkt {

class Loop {
public:
    using Handler = std::function<void()>;

    // Calls the handler whenever the descriptor can be read or has hung up. The descriptor stays its owner's.
    void watch(int fd, Handler handler);

    // The same whenever it can be written, or nobody reads it any more. A descriptor is watched for one of
    // the two; a copy of it can be watched for the other.
    void watch_writable(int fd, Handler handler);

    void forget(int fd);

    // Called once when the time has come; a later call replaces an earlier one.
    void alarm(std::chrono::milliseconds after, Handler handler);

    // Until stop() is called. What a handler throws ends the loop.
    void run();
    void stop() noexcept { running_ = false; }

private:
    struct Watch {
        int fd;
        short events;
        Handler handler;
    };

    int patience() const;
    void ring();

    std::vector<Watch> watches_ = {};
    std::optional<std::chrono::steady_clock::time_point> alarm_at_ = {};
    Handler alarm_ = {};
    bool running_ = false;
};

} // namespace rkt
