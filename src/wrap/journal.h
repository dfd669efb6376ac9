// SPDX-License-Identifier: Apache-2.0
//
// Reading a journal directory (sd-journal(3)): what a pod's journald keeps, or has kept.
//
// sd-journal(3) would watch the directory by an inotify instance of its own (os/dir-changes.h says why not).

#pragma once

#include "wrap/handle.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

struct sd_journal;

namespace rkt {

void close_journal(sd_journal* journal) noexcept;

class Journal {
public:
    // The files that are in the directory.
    static Journal open(const std::filesystem::path& directory);

    // Only entries with this value; values given for one field are alternatives.
    void match(const std::string& field, const std::string& value);

    void seek_to_start();

    // So that next() gives the last `count` entries.
    void seek_to_last(std::size_t count);

    // Moves to the next entry; false at the present end.
    bool next();

    // Of the current entry; empty if it has no such field.
    std::string field(const std::string& name) const;
    std::chrono::system_clock::time_point time() const;

    // At the present end: whether journald writes to a file that was not there, or could not be read yet,
    // when the files were opened. If so they are opened anew, at the same place.
    bool renew();

private:
    explicit Journal(std::filesystem::path directory) noexcept : directory_(std::move(directory)) {}
    void open_files();
    bool has_files() const;
    void remember_place();
    void return_to_place();

    std::filesystem::path directory_;
    std::vector<std::string> matches_ = {};
    std::string place_ = {};    // the cursor of the entry before the next; empty at the start
    std::uint64_t written_ = 0; // the inode of the file that journald wrote to; 0 if it had no entry
    Handle<sd_journal, close_journal> journal_ = {};
};

} // namespace rkt
