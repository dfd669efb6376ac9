// SPDX-License-Identifier: Apache-2.0

#include "wrap/archive.h"

#include "base/error.h"
#include "wrap/archive-entry.h"
#include "wrap/utf8-locale.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <exception>

#include <archive.h>
#include <archive_entry.h>

namespace rkt {

// libarchive calls back from C, where nothing may be thrown. What was thrown is kept, and goes
// on its way as soon as the C function has returned.
struct ArchiveFeed {
    Blocks source;
    std::uint64_t given = 0; // bytes
    std::exception_ptr thrown = nullptr;
};

void FreeArchive::operator()(archive* reader) const noexcept {
    archive_read_free(reader);
}

void FreeFeed::operator()(ArchiveFeed* feed) const noexcept {
    delete feed;
}

namespace {

constexpr std::string_view compressed = "compressed data";

la_ssize_t read_block(archive* reader, void* data, const void** block) noexcept {
    auto& feed = *static_cast<ArchiveFeed*>(data);
    try {
        Block next = feed.source();
        feed.given += next.size();
        *block = next.data();
        return static_cast<la_ssize_t>(next.size());
    } catch (...) {
        feed.thrown = std::current_exception();
        archive_set_error(reader, EIO, "the source failed");
        return ARCHIVE_FATAL;
    }
}

const char* reason(archive* reader) noexcept {
    const char* text = archive_error_string(reader);
    return text != nullptr ? text : "it is cut off";
}

// A warning is an error too: it says that something could not be read as it was meant.
void check(la_ssize_t r, archive* reader, ArchiveFeed& feed, std::string_view what) {
    if (feed.thrown)
        std::rethrow_exception(std::exchange(feed.thrown, nullptr));
    if (r < ARCHIVE_OK)
        throw Error("reading {}: {}", what, reason(reader));
}

std::unique_ptr<archive, FreeArchive> make_reader() {
    std::unique_ptr<archive, FreeArchive> reader(archive_read_new());
    if (!reader)
        throw std::bad_alloc();
    return reader;
}

} // namespace

Decompressor::Decompressor(Blocks source)
    : feed_(new ArchiveFeed{.source = std::move(source)}), reader_(make_reader()) {
    archive* reader = reader_.get();
    archive_read_support_filter_bzip2(reader);
    archive_read_support_filter_xz(reader);
    archive_read_support_filter_zstd(reader);
    archive_read_support_format_raw(reader);
    archive_read_support_format_empty(reader);
    archive_entry* entry = nullptr;
    check(archive_read_open(reader, feed_.get(), nullptr, read_block, nullptr), reader, *feed_, compressed);
    check(archive_read_next_header(reader, &entry), reader, *feed_, compressed);
    // Too little to be recognised would be taken for data that is not compressed.
    if (archive_filter_code(reader, 0) == ARCHIVE_FILTER_NONE)
        throw Error("reading {}: it is cut off", compressed);
}

std::size_t Decompressor::read(std::span<std::byte> buffer) {
    la_ssize_t count = archive_read_data(reader_.get(), buffer.data(), buffer.size());
    check(count, reader_.get(), *feed_, compressed);
    if (count == 0)
        check_rest();
    return static_cast<std::size_t>(count);
}

void Decompressor::check_rest() {
    auto used = static_cast<std::uint64_t>(archive_filter_bytes(reader_.get(), -1));
    if (used != feed_->given || !feed_->source().empty())
        throw Error("reading {}: something follows its end", compressed);
}

void prepare_to_read_archives() {
    Utf8Locale::load();
}

TarReader::TarReader(Blocks source)
    : feed_(new ArchiveFeed{.source = std::move(source)}), reader_(make_reader()) {
    archive_read_support_format_tar(reader_.get());
    check(archive_read_open(reader_.get(), feed_.get(), nullptr, read_block, nullptr), reader_.get(), *feed_,
          "the archive");
}

std::optional<TarEntry> TarReader::next() {
    Utf8Locale locale;
    archive* reader = reader_.get();
    if (in_entry_)
        check(archive_read_data_skip(reader), reader, *feed_, "the archive");
    position_ = static_cast<std::uint64_t>(archive_filter_bytes(reader, 0));
    archive_entry* entry = nullptr;
    int r = archive_read_next_header(reader, &entry);
    check(r, reader, *feed_, "the archive");
    in_entry_ = r != ARCHIVE_EOF;
    if (!in_entry_)
        return std::nullopt;
    TarEntry result = read_entry(entry);
    size_ = result.size;
    read_to_ = 0;
    return result;
}

std::optional<Part> TarReader::read() {
    const void* data = nullptr;
    std::size_t size = 0;
    la_int64_t offset = 0;
    int r = archive_read_data_block(reader_.get(), &data, &size, &offset);
    check(r, reader_.get(), *feed_, "the archive");
    if (r == ARCHIVE_EOF)
        return std::nullopt;
    auto begin = static_cast<std::uint64_t>(offset);
    // The map of a file with holes says where its parts belong, whatever its header says of its size.
    if (begin < read_to_ || begin > size_ || size > size_ - begin)
        throw Error("reading the archive: parts of a file lie behind its end or are not in order");
    read_to_ = begin + size;
    return Part{begin, {static_cast<const std::byte*>(data), size}};
}

} // namespace rkt
