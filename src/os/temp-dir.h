// SPDX-License-Identifier: Apache-2.0
//
// A directory of a test's own, removed with everything in it when the test is over.

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
