// SPDX-License-Identifier: Apache-2.0
//
// The bytes of an image as they arrive from a descriptor, and a copy of them on the way if wanted.

#pragma once

#include "os/fd.h"
#include "wrap/blocks.h"

#include <cstdint>
#include <vector>

namespace rkt {

class ArchiveSource {
public:
    // Neither descriptor is closed. `copy` is -1 if none is wanted.
    ArchiveSource(int source, int copy);

    // The next bytes, as many as there are; empty at the end.
    Block next();

    // Lets next() return at once with nothing, now and ever after, also when it is waiting in another thread.
    void stop() noexcept;

    std::uint64_t bytes() const noexcept { return bytes_; }

private:
    bool wait() const;

    int source_;
    int copy_;
    Fd stop_;
    std::vector<std::byte> buffer_;
    std::uint64_t bytes_ = 0;
};

} // namespace rkt
