// SPDX-License-Identifier: Apache-2.0

#include "stage0/output.h"

#include "base/error.h"
#include "os/fd.h"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <ctime>

#include <poll.h>
#include <unistd.h>

namespace rkt {

namespace {

std::string time_text(std::chrono::system_clock::time_point time) {
    std::time_t seconds = std::chrono::system_clock::to_time_t(time);
    std::tm parts = {};
    ::localtime_r(&seconds, &parts);
    char text[32];
    std::strftime(text, sizeof text, "%b %d %H:%M:%S ", &parts);
    return text;
}

// Of what is open, whatever happens to its name.
std::filesystem::path path_of(const Dir& directory) {
    return fmt::format("/proc/self/fd/{}", directory.fd());
}

bool takes_more(int to) {
    pollfd polled = {.fd = to, .events = POLLOUT, .revents = 0};
    return ::poll(&polled, 1, 0) > 0;
}

// What is taken goes from the beginning of the text. A pipe that can be written takes that much at once
// (pipe(7), PIPE_BUF).
Printed write_some(int to, std::string& text) {
    std::size_t written = 0;
    Printed result = Printed::All;
    while (written < text.size() && result == Printed::All) {
        if (!takes_more(to)) {
            result = Printed::Part;
            break;
        }
        ssize_t n =
            ::write(to, text.data() + written, std::min<std::size_t>(text.size() - written, PIPE_BUF));
        if (n > 0)
            written += static_cast<std::size_t>(n);
        else if (errno == EPIPE)
            result = Printed::Unread;
        else if (!is_later(errno))
            throw SystemError(errno, "writing the apps' output");
    }
    text.erase(0, written);
    return result;
}

} // namespace

std::filesystem::path journal_of(const PodLayout& pod, const std::string& machine_id) {
    return pod.journal() / machine_id;
}

Output::Output(const std::filesystem::path& journal, OutputOptions options)
    : options_(std::move(options)),
      directory_(Dir::open(journal.parent_path()).open_plain(journal.filename())),
      changes_(options_.followed ? std::make_unique<DirChanges>(path_of(directory_)) : nullptr),
      journal_(Journal::open(path_of(directory_))) {
    for (const std::string& app : options_.apps)
        journal_.match("_SYSTEMD_UNIT", app + ".service");
    if (options_.last)
        journal_.seek_to_last(*options_.last);
    else
        journal_.seek_to_start();
}

std::string Output::line() const {
    constexpr std::string_view suffix = ".service";
    std::string text = options_.timed ? time_text(journal_.time()) : "";
    if (options_.prefixed) {
        std::string unit = journal_.field("_SYSTEMD_UNIT");
        text += unit.substr(0, unit.size() - suffix.size()) + ": ";
    }
    return text + journal_.field("MESSAGE") + "\n";
}

Printed Output::print_present() {
    constexpr std::size_t enough = 64 * 1024;
    do {
        if (Printed printed = write_some(options_.to, pending_); printed != Printed::All)
            return printed;
        while (pending_.size() < enough && journal_.next())
            pending_ += line();
    } while (!pending_.empty());
    return Printed::All;
}

// What changes while it is printed is told again.
Printed Output::print() {
    if (changes_)
        changes_->take();
    Printed printed = print_present();
    return printed == Printed::All && journal_.renew() ? print_present() : printed;
}

bool Output::print_all() {
    for (;;) {
        Printed printed = print();
        if (printed != Printed::Part)
            return printed == Printed::All;
        pollfd polled = {.fd = options_.to, .events = POLLOUT, .revents = 0};
        ::poll(&polled, 1, -1);
    }
}

} // namespace rkt
