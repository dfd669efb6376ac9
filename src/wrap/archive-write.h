// SPDX-License-Identifier: Apache-2.0
//
// Writing tar archives, by libarchive: PAX (IMG-2) and compressed by gzip (IMG-10). The same entries give the
// same bytes, at any time and on any machine.

#pragma once

#include "wrap/archive.h"
#include "wrap/handle.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace rkt {

class ArchiveWriter {
public:
    // To the descriptor, which stays open.
    explicit ArchiveWriter(int fd);

    // Of a file, its content is to follow: in one piece, or with the holes that lie between the extents.
    void begin(const TarEntry& entry) { begin(entry, {{.offset = 0, .size = entry.size}}); }
    void begin(const TarEntry& entry, const std::vector<Extent>& extents);

    // A part of the content of the current entry. Parts come in their order.
    void write(const Part& part);

    // The end of the archive, which is not whole without it.
    void finish();

private:
    static void free(archive* writer) noexcept;

    void fill(std::uint64_t end);
    void end_entry();
    void check(std::int64_t r) const;

    Handle<archive, &ArchiveWriter::free> writer_;
    std::string path_;        // of the current entry
    std::uint64_t size_ = 0;  // of its content
    std::uint64_t given_ = 0; // how much of that has been given to libarchive
};

} // namespace rkt
