// SPDX-License-Identifier: Apache-2.0

#include "wrap/journal.h"

#include "base/error.h"

#include <systemd/sd-journal.h>

#include <cstring>

namespace rkt {

namespace {

int must(int r, std::string_view doing) {
    if (r < 0)
        throw SystemError(-r, "{}", doing);
    return r;
}

} // namespace

void close_journal(sd_journal* journal) noexcept {
    sd_journal_close(journal);
}

Journal Journal::open(const std::filesystem::path& directory) {
    sd_journal* journal = nullptr;
    if (int r = sd_journal_open_directory(&journal, directory.c_str(), 0); r < 0)
        throw SystemError(-r, "opening the journal {}", directory);
    Journal opened(journal);
    // One entry may be as long as journald takes it in.
    must(sd_journal_set_data_threshold(journal, 0), "opening a journal");
    return opened;
}

void Journal::match(const std::string& field, const std::string& value) {
    must(sd_journal_add_match(journal_.get(), (field + "=" + value).c_str(), 0), "filtering a journal");
}

void Journal::seek_to_start() {
    must(sd_journal_seek_head(journal_.get()), "reading a journal");
}

void Journal::seek_to_last(std::size_t count) {
    must(sd_journal_seek_tail(journal_.get()), "reading a journal");
    int skipped = must(sd_journal_previous_skip(journal_.get(), count + 1), "reading a journal");
    if (static_cast<std::size_t>(skipped) <= count)
        seek_to_start(); // there are not that many: all of them
}

bool Journal::next() {
    return must(sd_journal_next(journal_.get()), "reading a journal") > 0;
}

std::string Journal::field(const std::string& name) const {
    const void* data = nullptr;
    std::size_t size = 0;
    if (sd_journal_get_data(journal_.get(), name.c_str(), &data, &size) < 0)
        return {};
    std::size_t prefix = name.size() + 1; // the data is "NAME=value"
    return std::string(static_cast<const char*>(data) + prefix, size - prefix);
}

std::chrono::system_clock::time_point Journal::time() const {
    std::uint64_t microseconds = 0;
    must(sd_journal_get_realtime_usec(journal_.get(), &microseconds), "reading a journal");
    return std::chrono::system_clock::time_point(std::chrono::microseconds(microseconds));
}

int Journal::fd() const {
    return must(sd_journal_get_fd(journal_.get()), "watching a journal");
}

void Journal::process() {
    must(sd_journal_process(journal_.get()), "watching a journal");
}

} // namespace rkt
