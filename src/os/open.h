// SPDX-License-Identifier: Apache-2.0
//
// openat2(2), for which glibc has no function, and the stream of a directory's entries.

#pragma once

#include "os/fd.h"

#include <cstdint>
#include <memory>

#include <dirent.h>

namespace rkt {

struct CloseDir {
    void operator()(DIR* stream) const noexcept { ::closedir(stream); }
};
using DirStream = std::unique_ptr<DIR, CloseDir>;

// `resolve` is made of RESOLVE_ flags. The descriptor is closed on exec. Without one, errno says why.
Fd open_resolved(int dir, const char* path, int flags, std::uint64_t resolve) noexcept;

// Empty, with errno, if the descriptor is none or not one of a directory.
DirStream open_stream(Fd dir) noexcept;

// "." and "..".
bool is_dot(const char* name) noexcept;

} // namespace rkt
