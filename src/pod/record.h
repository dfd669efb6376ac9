// SPDX-License-Identifier: Apache-2.0
//
// What stage1 records of a pod's apps: small files that it writes through the pod's root.
//
// The pod's root can put anything in their place: links that lead out, pipes and devices that keep their
// reader waiting, files without end. So they are looked for below the pod's overlay alone, on no link, and
// nothing is opened before it is known to be a file.

#pragma once

#include "base/moment.h"
#include "os/dir.h"
#include "os/fd.h"
#include "pod/layout.h"

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>

namespace rkt {

class Record {
public:
    // `file` is one of the layout's, below stage1_overlay(). Nothing if it is not there, is something else
    // than a file, or is not ours to look at.
    static std::optional<Record> find(const PodLayout& layout, const std::filesystem::path& file);

    Moment time() const noexcept { return time_; } // when it was written last

    // Nothing if it is larger than so many bytes, or not ours to read.
    std::optional<std::string> text(std::size_t limit) const;

private:
    Record(Fd file, Moment time) noexcept : file_(std::move(file)), time_(time) {}

    Fd file_; // O_PATH
    Moment time_;
};

// A directory of such files. Nothing if it is not there, or is something else.
std::optional<Dir> find_record_dir(const PodLayout& layout, const std::filesystem::path& dir);

// Removes whatever is in its place, and nothing beside it.
void remove_record(const PodLayout& layout, const std::filesystem::path& file);

} // namespace rkt
