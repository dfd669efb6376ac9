// SPDX-License-Identifier: Apache-2.0
//
// The uncompressed bytes of an image on their way to be unpacked: all of them are hashed, and the
// end is the end.

#pragma once

#include "aci/decompress.h"
#include "aci/read-ahead.h"
#include "aci/source.h"
#include "appc/image-id.h"
#include "wrap/hash.h"

#include <cstdint>

namespace rkt {

class TarStream {
public:
    // See ArchiveSource.
    TarStream(int source, int copy);

    // The next block, empty at the end. Throws if what begins is not a tar archive.
    Block next();

    // Reads what is left (IMG-12), and gives the hash of everything (IMG-11). Throws unless an end
    // marker and nothing but zeros follow the last entry, whose end is at `entries_end`.
    ImageId finish(std::uint64_t entries_end);

    // As they came, compressed or not.
    std::uint64_t source_bytes() const noexcept { return source_.bytes(); }

private:
    void look_at(Block block);

    ArchiveSource source_;
    Decompressed decompressed_;
    Hash hash_{HashKind::Sha512};
    std::uint64_t size_ = 0;
    std::uint64_t zeros_from_ = 0; // where the zeros begin that the stream ends with so far
    ReadAhead ahead_;
};

} // namespace rkt
