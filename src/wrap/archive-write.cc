// SPDX-License-Identifier: Apache-2.0

#include "wrap/archive-write.h"

#include "base/error.h"
#include "wrap/utf8-locale.h"

#include <algorithm>
#include <array>

#include <archive.h>
#include <archive_entry.h>

namespace rkt {

namespace {

using Entry = Handle<archive_entry, archive_entry_free>;

unsigned type_of(const TarEntry& entry) {
    switch (entry.kind) {
    case EntryKind::File:
    case EntryKind::HardLink:
        return AE_IFREG;
    case EntryKind::Directory:
        return AE_IFDIR;
    case EntryKind::Symlink:
        return AE_IFLNK;
    case EntryKind::Fifo:
        return AE_IFIFO;
    default:
        throw Error("writing {}: an image has no such file", entry.path);
    }
}

bool is_one_piece(const TarEntry& entry, const std::vector<Extent>& extents) {
    return extents.size() == 1 && extents.front().offset == 0 && extents.front().size == entry.size;
}

// A file that is nothing but a hole has one extent of no size.
void set_extents(archive_entry* result, const TarEntry& entry, const std::vector<Extent>& extents) {
    if (entry.kind != EntryKind::File || entry.size == 0 || is_one_piece(entry, extents))
        return;
    for (const Extent& extent : extents)
        archive_entry_sparse_add_entry(result, static_cast<la_int64_t>(extent.offset),
                                       static_cast<la_int64_t>(extent.size));
    if (extents.empty())
        archive_entry_sparse_add_entry(result, 0, 0);
}

// Names are given as they are; libarchive says in the header when one is not UTF-8.
Entry make_entry(const TarEntry& entry) {
    Entry result(archive_entry_new());
    if (!result)
        throw std::bad_alloc();
    archive_entry* e = result.get();
    archive_entry_set_pathname(e, entry.path.c_str());
    archive_entry_set_filetype(e, type_of(entry));
    archive_entry_set_perm(e, static_cast<mode_t>(entry.mode));
    archive_entry_set_uid(e, entry.uid);
    archive_entry_set_gid(e, entry.gid);
    archive_entry_set_mtime(e, entry.mtime, static_cast<long>(entry.mtime_nanoseconds));
    archive_entry_set_size(e, entry.kind == EntryKind::File ? static_cast<la_int64_t>(entry.size) : 0);
    if (entry.kind == EntryKind::Symlink)
        archive_entry_set_symlink(e, entry.target.c_str());
    if (entry.kind == EntryKind::HardLink)
        archive_entry_set_hardlink(e, entry.target.c_str());
    for (const auto& [name, value] : entry.attributes)
        if (entry.kind != EntryKind::HardLink) // it has those of its first name
            archive_entry_xattr_add_entry(e, name.c_str(), value.data(), value.size());
    return result;
}

} // namespace

void ArchiveWriter::free(archive* writer) noexcept {
    archive_write_free(writer);
}

ArchiveWriter::ArchiveWriter(int fd) : writer_(archive_write_new()) {
    if (!writer_)
        throw std::bad_alloc();
    archive* writer = writer_.get();
    check(archive_write_set_format_pax(writer));
    // Once, in the form that all programs know.
    check(archive_write_set_format_option(writer, nullptr, "xattrheader", "SCHILY"));
    check(archive_write_add_filter_gzip(writer));
    check(archive_write_set_filter_option(writer, "gzip", "timestamp", nullptr));
    check(archive_write_set_bytes_in_last_block(writer, 1));
    check(archive_write_open_fd(writer, fd));
}

void ArchiveWriter::check(std::int64_t r) const {
    if (r >= ARCHIVE_OK)
        return;
    std::string_view what = path_.empty() ? "the archive" : std::string_view(path_);
    if (int code = archive_errno(writer_.get()); code > 0)
        throw SystemError(code, "writing {}", what);
    const char* reason = archive_error_string(writer_.get());
    throw Error("writing {}: {}", what, reason != nullptr ? reason : "no reason known");
}

void ArchiveWriter::begin(const TarEntry& entry, const std::vector<Extent>& extents) {
    end_entry();
    Utf8Locale locale;
    path_ = entry.path;
    size_ = entry.kind == EntryKind::File ? entry.size : 0;
    given_ = 0;
    Entry made = make_entry(entry);
    set_extents(made.get(), entry, extents);
    // A warning says that a name is not UTF-8 and was written as it is.
    int r = archive_write_header(writer_.get(), made.get());
    check(r == ARCHIVE_WARN ? ARCHIVE_OK : r);
}

// libarchive wants the zeros of holes, too, and leaves them out itself.
void ArchiveWriter::fill(std::uint64_t end) {
    static constexpr std::array<std::byte, 65536> zeros = {};
    while (given_ < end) {
        std::size_t count = static_cast<std::size_t>(std::min<std::uint64_t>(zeros.size(), end - given_));
        check(archive_write_data(writer_.get(), zeros.data(), count));
        given_ += count;
    }
}

void ArchiveWriter::write(const Part& part) {
    fill(part.offset);
    check(archive_write_data(writer_.get(), part.bytes.data(), part.bytes.size()));
    given_ += part.bytes.size();
}

void ArchiveWriter::end_entry() {
    fill(size_);
    size_ = given_ = 0;
}

void ArchiveWriter::finish() {
    end_entry();
    path_.clear();
    check(archive_write_close(writer_.get()));
}

} // namespace rkt
