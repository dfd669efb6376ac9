// SPDX-License-Identifier: Apache-2.0

#include "wrap/journal.h"

#include "base/error.h"
#include "os/fd.h"

#include <systemd/sd-journal.h>

#include <cstdlib>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace rkt {

namespace {

int must(int r, std::string_view doing) {
    if (r < 0)
        throw SystemError(-r, "{}", doing);
    return r;
}

// A file that has an entry is ready to be read, which one that journald is just making is not. The number of
// entries stands in the header (systemd.io/JOURNAL_FILE_FORMAT). Whoever writes the directory may have put a
// pipe or a link there, which is none.
std::uint64_t written_file(const std::filesystem::path& directory) {
    constexpr off_t entry_count = 152;
    Fd fd(::open((directory / "system.journal").c_str(),
                 O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_NOCTTY | O_CLOEXEC));
    struct stat status = {};
    std::uint64_t entries = 0;
    if (!fd || ::fstat(fd.get(), &status) < 0 ||
        ::pread(fd.get(), &entries, sizeof entries, entry_count) != sizeof entries || entries == 0)
        return 0;
    return status.st_ino;
}

} // namespace

void close_journal(sd_journal* journal) noexcept {
    sd_journal_close(journal);
}

Journal Journal::open(const std::filesystem::path& directory) {
    Journal journal(directory);
    journal.open_files();
    return journal;
}

void Journal::open_files() {
    written_ = written_file(directory_);
    sd_journal* opened = nullptr;
    if (int r = sd_journal_open_directory(&opened, directory_.c_str(), 0); r < 0)
        throw SystemError(-r, "opening the journal {}", directory_);
    journal_.reset(opened);
    // One entry may be as long as journald takes it in.
    must(sd_journal_set_data_threshold(opened, 0), "opening a journal");
    for (const std::string& match : matches_)
        must(sd_journal_add_match(opened, match.c_str(), 0), "filtering a journal");
}

void Journal::match(const std::string& field, const std::string& value) {
    matches_.push_back(field + "=" + value);
    must(sd_journal_add_match(journal_.get(), matches_.back().c_str(), 0), "filtering a journal");
}

void Journal::seek_to_start() {
    must(sd_journal_seek_head(journal_.get()), "reading a journal");
}

void Journal::seek_to_last(std::size_t count) {
    must(sd_journal_seek_tail(journal_.get()), "reading a journal");
    int skipped = must(sd_journal_previous_skip(journal_.get(), count + 1), "reading a journal");
    if (static_cast<std::size_t>(skipped) <= count)
        seek_to_start(); // there are not that many: all of them
    else
        remember_place();
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

// sd-journal(3) puts away a file that it could not read.
bool Journal::has_files() const {
    std::uint64_t bytes = 0;
    return sd_journal_get_usage(journal_.get(), &bytes) >= 0 && bytes > 0;
}

// Nothing has been read since the files were opened where there is no cursor.
void Journal::remember_place() {
    char* cursor = nullptr;
    if (sd_journal_get_cursor(journal_.get(), &cursor) >= 0)
        place_ = cursor;
    std::free(cursor);
}

// An entry that is gone was one of the oldest: all that are there come behind it.
void Journal::return_to_place() {
    if (!place_.empty()) {
        must(sd_journal_seek_cursor(journal_.get(), place_.c_str()), "reading a journal");
        if (next() && sd_journal_test_cursor(journal_.get(), place_.c_str()) > 0)
            return;
    }
    seek_to_start();
}

bool Journal::renew() {
    std::uint64_t written = written_file(directory_);
    if (written == 0 || (written == written_ && has_files()))
        return false;
    remember_place();
    open_files();
    return_to_place();
    return true;
}

} // namespace rkt
