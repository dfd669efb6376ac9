// SPDX-License-Identifier: Apache-2.0

#include "aci/decompress.h"

#include <algorithm>
#include <string_view>

namespace rkt {

namespace {

constexpr std::size_t longest_magic = 6;
constexpr std::string_view gzip_magic = "\x1f\x8b";
constexpr std::string_view bzip2_magic = "BZh";
constexpr std::string_view xz_magic("\xfd\x37zXZ\0", longest_magic);
constexpr std::string_view zstd_magic = "\x28\xb5\x2f\xfd";

bool is_compressed_otherwise(std::string_view head) {
    return head.starts_with(bzip2_magic) || head.starts_with(xz_magic) || head.starts_with(zstd_magic);
}

} // namespace

// The head first, then what follows it.
Block Decompressed::next() {
    if (!is_head_given_ && !head_.empty()) {
        is_head_given_ = true;
        return std::as_bytes(std::span(head_));
    }
    return source_();
}

void Decompressed::open() {
    is_open_ = true;
    // A pipe may give its first bytes one by one.
    while (head_.size() < longest_magic) {
        Block block = source_();
        if (block.empty())
            break;
        head_.append(reinterpret_cast<const char*>(block.data()), block.size());
    }
    std::string_view head = head_;
    Blocks blocks = [this] { return next(); };
    if (head.starts_with(gzip_magic))
        reader_.emplace<Gunzip>(blocks);
    else if (is_compressed_otherwise(head))
        reader_.emplace<Decompressor>(blocks);
}

std::size_t Decompressed::copy(std::span<std::byte> buffer) {
    std::size_t filled = 0;
    while (filled < buffer.size()) {
        if (rest_.empty())
            rest_ = next();
        if (rest_.empty())
            break;
        std::size_t count = std::min(rest_.size(), buffer.size() - filled);
        std::copy_n(rest_.data(), count, buffer.data() + filled);
        rest_ = rest_.subspan(count);
        filled += count;
    }
    return filled;
}

std::size_t Decompressed::read(std::span<std::byte> buffer) {
    if (!is_open_)
        open();
    if (auto* gunzip = std::get_if<Gunzip>(&reader_))
        return gunzip->read(buffer);
    if (auto* other = std::get_if<Decompressor>(&reader_))
        return other->read(buffer);
    return copy(buffer);
}

} // namespace rkt
