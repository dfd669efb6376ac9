// SPDX-License-Identifier: Apache-2.0
//
// A directory of one's own that nobody else can enter, removed with everything in it at the end.

#pragma once

#include <filesystem>

namespace rkt {

class TempDir {
public:
    // Below $TMPDIR, or /var/tmp where that is not set: a real file system with extended attributes.
    TempDir();
    TempDir(const TempDir&) = delete;
    TempDir& operator=(const TempDir&) = delete;
    ~TempDir();

    const std::filesystem::path& path() const noexcept { return path_; }

private:
    std::filesystem::path path_;
};

} // namespace rkt
