// SPDX-License-Identifier: Apache-2.0

#include "aci/tar-stream.h"

#include "base/error.h"

#include <algorithm>
#include <string_view>

namespace rkt {

namespace {

constexpr std::size_t block_size = 512;

// ustar and PAX have it, and GNU too but for what follows (IMG-10).
constexpr std::string_view magic = "ustar";
constexpr std::size_t magic_offset = 257;

bool is_zero(std::byte byte) {
    return byte == std::byte{0};
}

// An empty archive is a tar archive too: it begins with its end marker.
bool begins_tar(Block block) {
    if (block.size() < block_size)
        return false;
    std::string_view text(reinterpret_cast<const char*>(block.data()), block_size);
    return text.substr(magic_offset).starts_with(magic) || text.find_first_not_of('\0') == text.npos;
}

// How many of the last bytes are zeros.
std::size_t trailing_zeros(Block block) {
    auto last = std::find_if_not(block.rbegin(), block.rend(), is_zero);
    return static_cast<std::size_t>(last - block.rbegin());
}

} // namespace

TarStream::TarStream(int source, int copy)
    : source_(source, copy), decompressed_([this] { return source_.next(); }),
      ahead_([this](std::span<std::byte> buffer) { return decompressed_.read(buffer); },
             [this] { source_.stop(); }) {}

void TarStream::look_at(Block block) {
    if (size_ == 0 && !begins_tar(block))
        throw Error("it is neither a tar archive nor one compressed by gzip, bzip2, xz or zstd");
    hash_.update(block);
    std::size_t zeros = trailing_zeros(block);
    if (zeros != block.size())
        zeros_from_ = size_ + block.size() - zeros;
    size_ += block.size();
}

Block TarStream::next() {
    Block block = ahead_.next();
    if (!block.empty())
        look_at(block);
    else if (size_ == 0)
        throw Error("it is empty");
    return block;
}

ImageId TarStream::finish(std::uint64_t entries_end) {
    while (!next().empty())
        continue;
    if (size_ < entries_end + block_size)
        throw Error("the archive is cut off: it has no end marker");
    if (zeros_from_ > entries_end)
        throw Error("something follows the end of the archive");
    std::vector<std::uint8_t> digest = hash_.finish();
    return ImageId::of(std::span<const std::uint8_t, ImageId::digest_size>(digest));
}

} // namespace rkt
