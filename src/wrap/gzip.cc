// SPDX-License-Identifier: Apache-2.0

#include "wrap/gzip.h"

#include "base/error.h"

#include <new>
#include <utility>

#include <zlib.h>

namespace rkt {

namespace {

// The largest window there is, and 16 to ask for gzip's header and trailer.
constexpr int window_bits = 15 + 16;

} // namespace

void Gunzip::free(z_stream_s* stream) noexcept {
    inflateEnd(stream);
    delete stream;
}

Gunzip::Gunzip(Blocks source) : source_(std::move(source)), stream_(new z_stream_s{}) {
    if (inflateInit2(stream_.get(), window_bits) != Z_OK)
        throw std::bad_alloc();
}

bool Gunzip::refill() {
    if (stream_->avail_in != 0)
        return true;
    Block block = source_();
    // zlib does not write there, its field is merely older than its const.
    stream_->next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(block.data()));
    stream_->avail_in = static_cast<uInt>(block.size());
    return !block.empty();
}

void Gunzip::inflate_more() {
    int r = inflate(stream_.get(), Z_NO_FLUSH);
    if (r == Z_STREAM_END) {
        in_member_ = false;
        r = inflateReset(stream_.get());
    }
    if (r != Z_OK && r != Z_BUF_ERROR)
        throw Error("reading gzip: {}", stream_->msg != nullptr ? stream_->msg : zError(r));
}

std::size_t Gunzip::read(std::span<std::byte> buffer) {
    stream_->next_out = reinterpret_cast<Bytef*>(buffer.data());
    stream_->avail_out = static_cast<uInt>(buffer.size());
    while (stream_->avail_out != 0) {
        bool more = refill();
        if (!more && in_member_)
            throw Error("reading gzip: it is cut off");
        if (!more)
            break;
        in_member_ = true;
        inflate_more();
    }
    return buffer.size() - stream_->avail_out;
}

} // namespace rkt
