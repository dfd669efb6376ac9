// SPDX-License-Identifier: Apache-2.0

#include "cmd-image/progress.h"

#include "base/log.h"
#include "base/text.h"
#include "os/terminal.h"

#include <algorithm>

#include <unistd.h>

namespace rkt {

namespace {

constexpr std::chrono::milliseconds between_drawings{100};
constexpr std::chrono::seconds between_lines{30};
constexpr std::size_t bar_width = 30;

std::uint64_t rate_of(const Course& course) {
    return course.time.count() > 0 ? course.new_bytes * 1000 / static_cast<std::uint64_t>(course.time.count())
                                   : course.new_bytes;
}

// A server chooses the name; what a terminal obeys is left out of it.
std::string printable(const std::string& name) {
    constexpr std::size_t longest = 60;
    std::string result;
    std::ranges::copy_if(name.substr(0, longest), std::back_inserter(result),
                         [](char c) { return c >= ' ' && c < 0x7f; });
    return result;
}

} // namespace

std::string progress_line(const Course& course) {
    std::string line = course.name + ": " + readable_size(course.bytes);
    if (course.total && *course.total > course.bytes)
        line += " of " + readable_size(*course.total);
    std::uint64_t rate = rate_of(course);
    line += ", " + readable_size(rate) + "/s";
    if (course.total && *course.total > course.bytes && rate > 0)
        line += fmt::format(", {} s left", (*course.total - course.bytes + rate - 1) / rate);
    return line;
}

std::string progress_bar(const Course& course, std::size_t width) {
    if (!course.total || *course.total == 0)
        return "";
    double share = std::min(1.0, static_cast<double>(course.bytes) / static_cast<double>(*course.total));
    auto done = static_cast<std::size_t>(share * static_cast<double>(width));
    std::string bar(done, '=');
    if (done < width)
        bar += '>';
    bar.resize(width, ' ');
    return "[" + bar + "] ";
}

Progress::Progress() : is_terminal_(is_terminal(STDERR_FILENO)) {}

// Goes up to where the bars began.
void Progress::clear() {
    if (lines_ > 0)
        fmt::print(stderr, "\x1b[{}A\x1b[J", std::exchange(lines_, 0));
}

void Progress::draw(Clock::time_point now) {
    clear();
    std::string text;
    for (const auto& [url, running] : running_)
        text += progress_bar(running.course, bar_width) + progress_line(running.course) + "\n";
    lines_ = running_.size();
    drawn_ = now;
    fmt::print(stderr, "{}", text);
}

// Above the bars, if there are any.
void Progress::tell(const Course& course) {
    if (is_paused_)
        return untold_.push_back(course);
    clear();
    note("{}", progress_line(course));
}

void Progress::go_on() noexcept {
    std::lock_guard lock(mutex_);
    is_paused_ = false;
    for (const Course& course : std::exchange(untold_, {}))
        tell(course);
    if (is_terminal_)
        draw(Clock::now());
}

void Progress::pause(const std::function<void()>& act) {
    struct GoOn {
        Progress& progress;
        ~GoOn() { progress.go_on(); }
    };
    {
        std::lock_guard lock(mutex_);
        clear();
        is_paused_ = true;
    }
    GoOn afterwards{*this};
    act();
}

void Progress::take(const DownloadNews& news) {
    std::lock_guard lock(mutex_);
    Clock::time_point now = Clock::now();
    auto [found, is_first] = running_.try_emplace(news.url.str());
    Running& running = found->second;
    if (is_first)
        running = {.course = {.name = printable(news.url.file_name())},
                   .first = news.bytes,
                   .begun = now,
                   .told = now};
    running.course.bytes = news.bytes;
    running.course.total = news.total;
    running.course.new_bytes = news.bytes - std::min(news.bytes, running.first);
    running.course.time = std::chrono::duration_cast<std::chrono::milliseconds>(now - running.begun);
    if (news.has_ended) {
        Course course = running.course;
        running_.erase(found);
        if (course.bytes > 0)
            tell(course);
    } else if (!is_terminal_ && now - running.told >= between_lines) {
        running.told = now;
        tell(running.course);
    }
    if (is_terminal_ && !is_paused_ && (news.has_ended || now - drawn_ >= between_drawings))
        draw(now);
}

} // namespace rkt
