// SPDX-License-Identifier: Apache-2.0
//
// Reading a journal directory (sd-journal(3)): what a pod's journald keeps, or has kept.

#pragma once

#include "wrap/handle.h"

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <string>

struct sd_journal;

namespace rkt {

void close_journal(sd_journal* journal) noexcept;

class Journal {
public:
    // The files in the directory, and those that come while it is read.
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

    // For a Loop: readable when there may be more; call process() and then next() until false.
    int fd() const;
    void process();

private:
    explicit Journal(sd_journal* journal) noexcept : journal_(journal) {}

    Handle<sd_journal, close_journal> journal_;
};

} // namespace rkt
