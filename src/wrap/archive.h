// SPDX-License-Identifier: Apache-2.0
//
// Reading tar archives and bzip2, xz and zstd streams, by libarchive.
//
// Two readers and not one, although libarchive could chain them: an image is named by the hash
// of its uncompressed bytes, all of them (IMG-11), so these have to pass by in between.

#pragma once

#include "wrap/blocks.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

struct archive;
struct archive_entry;

namespace rkt {

enum class EntryKind {
    File,
    Directory,
    Symlink,
    HardLink,
    Fifo,
    Socket,
    CharacterDevice,
    BlockDevice,
    Other
};

struct TarEntry {
    std::string path; // as it stands in the archive
    EntryKind kind = EntryKind::Other;
    std::string target = {}; // of a symlink or a hard link
    std::uint64_t size = 0;  // of a file's content, in bytes
    std::uint32_t mode = 0;  // permissions with set-id and sticky bits
    std::uint32_t uid = 0;
    std::uint32_t gid = 0;
    std::int64_t mtime = 0; // seconds since 1970
    std::uint32_t mtime_nanoseconds = 0;
    std::uint32_t major = 0; // of a device
    std::uint32_t minor = 0;

    // Extended attributes by name; POSIX access control lists are among them, as the kernel wants them.
    std::vector<std::pair<std::string, std::string>> attributes = {};
};

// A part of a file's content. What lies between two parts are zeros.
struct Part {
    std::uint64_t offset = 0;
    Block bytes = {};
};

// Where a file has content; what lies between are holes.
struct Extent {
    std::uint64_t offset = 0;
    std::uint64_t size = 0;
};

// What both readers keep while libarchive calls back.
struct ArchiveFeed;

struct FreeArchive {
    void operator()(archive* reader) const noexcept;
};
struct FreeFeed {
    void operator()(ArchiveFeed* feed) const noexcept;
};

// The inverse of bzip2, xz and zstd, whichever it is. Throws at damage, at a stream that is cut off
// and at anything that follows it.
class Decompressor {
public:
    explicit Decompressor(Blocks source);

    // Fills the buffer, or with less at the end; 0 after it.
    std::size_t read(std::span<std::byte> buffer);

private:
    void check_rest();

    std::unique_ptr<ArchiveFeed, FreeFeed> feed_;
    std::unique_ptr<archive, FreeArchive> reader_;
};

// Loads what reading takes from the file system, for who is about to lose sight of that.
void prepare_to_read_archives();

// The entries of a tar archive: ustar, GNU and PAX (IMG-2).
class TarReader {
public:
    explicit TarReader(Blocks source);

    // The next entry, nothing after the last. What is left of the one before is skipped. Throws at
    // damage, and at a name or an attribute that cannot be read exactly.
    std::optional<TarEntry> next();

    // The next part of the current entry's content, nothing at its end. Parts come in order, and none lies
    // behind the size of the entry: throws otherwise.
    std::optional<Part> read();

    // Where the last entry ended, in bytes from the beginning of the archive.
    std::uint64_t position() const noexcept { return position_; }

private:
    std::unique_ptr<ArchiveFeed, FreeFeed> feed_;
    std::unique_ptr<archive, FreeArchive> reader_;
    std::uint64_t position_ = 0;
    std::uint64_t size_ = 0;    // of the current entry
    std::uint64_t read_to_ = 0; // of its content
    bool in_entry_ = false;
};

} // namespace rkt
