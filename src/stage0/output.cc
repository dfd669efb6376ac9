// SPDX-License-Identifier: Apache-2.0

#include "stage0/output.h"

#include "base/error.h"

#include <cerrno>
#include <ctime>

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

// False if the reader is gone.
bool write_out(int to, std::string_view text) {
    while (!text.empty()) {
        ssize_t n = ::write(to, text.data(), text.size());
        if (n < 0 && errno == EPIPE)
            return false;
        if (n < 0 && errno != EINTR)
            throw SystemError(errno, "writing the apps' output");
        if (n > 0)
            text.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
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

bool Output::print_present() {
    constexpr std::size_t enough = 64 * 1024;
    std::string text;
    while (journal_.next()) {
        text += line();
        if (text.size() < enough)
            continue;
        if (!write_out(options_.to, text))
            return false;
        text.clear();
    }
    return write_out(options_.to, text);
}

// What changes while it is printed is told again.
bool Output::print() {
    if (changes_)
        changes_->take();
    return print_present() && (!journal_.renew() || print_present());
}

} // namespace rkt
