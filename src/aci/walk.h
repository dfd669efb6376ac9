// SPDX-License-Identifier: Apache-2.0
//
// Reads a tree of files as the entries of an archive: the inverse of Tree. The same tree gives the same
// entries in the same order.
//
// The files are a stranger's: no link is followed and no mount is entered. Nobody else may write there
// meanwhile.

#pragma once

#include "os/dir.h"
#include "wrap/archive.h"

#include <functional>
#include <optional>
#include <vector>

namespace rkt {

// Called for every file. Its path is relative and clean ("etc/passwd"), "" for the root itself. Further names
// of a file that has come before are hard links, with the first name as target. `fd` gives the content of a
// file or a hard link, and is -1 for everything else.
using Visit = std::function<void(const TarEntry& entry, int fd)>;

// Of a directory first its own entry, then its files, then its directories, each by name.
void walk_tree(const Dir& root, const Visit& visit);

// The parts of a file that are no holes. `size` is the file's.
std::vector<Extent> extents_of(int fd, std::uint64_t size);

// Gives the parts of a file of which somebody took away nothing meanwhile; `path` is for the messages.
class FileParts {
public:
    FileParts(int fd, std::uint64_t size, std::string path);

    // The next part, nothing at the end. It lives until the next call.
    std::optional<Part> next();

private:
    int fd_;
    std::string path_;
    std::vector<Extent> extents_;
    std::size_t at_ = 0;
    std::vector<std::byte> buffer_;
};

} // namespace rkt
