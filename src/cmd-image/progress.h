// SPDX-License-Identifier: Apache-2.0
//
// Shows on stderr how far downloads are: as bars on a terminal, else by a line now and then.

#pragma once

#include "fetch/download.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace rkt {

// How far one is.
struct Course {
    std::string name;
    std::uint64_t bytes = 0;
    std::optional<std::uint64_t> total = {};
    std::uint64_t new_bytes = 0; // the others were there before
    std::chrono::milliseconds time{0};
};

// "web.aci: 12MiB of 40MiB, 3.1MiB/s, 9 s left"
std::string progress_line(const Course& course);

// "[=====>      ] " of that many places; empty where the end is not known.
std::string progress_bar(const Course& course, std::size_t width);

class Progress {
public:
    Progress();
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    // May be called by several threads.
    void take(const DownloadNews& news);

    // Calls this while nothing of ours is on the terminal, by one thread at a time: bars are taken away, and
    // what is to be told meanwhile is told afterwards. Nobody who calls take() waits for it.
    void pause(const std::function<void()>& act);

private:
    using Clock = std::chrono::steady_clock;

    struct Running {
        Course course;
        std::uint64_t first = 0;
        Clock::time_point begun = {};
        Clock::time_point told = {};
    };

    void clear();
    void draw(Clock::time_point now);
    void tell(const Course& course);
    void go_on() noexcept;

    std::mutex mutex_;
    bool is_terminal_;
    std::map<std::string, Running> running_ = {}; // by URL
    std::size_t lines_ = 0;                       // drawn above the cursor
    Clock::time_point drawn_ = {};
    bool is_paused_ = false;
    std::vector<Course> untold_ = {};
};

} // namespace rkt
