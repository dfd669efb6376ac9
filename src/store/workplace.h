// SPDX-License-Identifier: Apache-2.0
//
// A directory of one's own below tmp/: what is made there has no name that counts until it is whole.

#pragma once

#include "os/dir.h"
#include "os/lock.h"

#include <filesystem>
#include <string>

namespace rkt {

class Workplace {
public:
    // Named for what is done there, "import-0123456789abcdef". To be made while the store is held; after that
    // it need not be, however long the work takes: whoever collects sees by the lock that somebody works
    // there.
    static Workplace make(const std::filesystem::path& data_dir, const std::string& purpose);

    Workplace(const Workplace&) = delete;
    Workplace& operator=(const Workplace&) = delete;

    // Removes everything that has not been moved to where it belongs.
    ~Workplace();

    const Dir& dir() const noexcept { return dir_; }

private:
    Workplace(Dir tmp, std::string name);

    Dir tmp_;
    std::string name_;
    Dir dir_;
    Lock lock_;
};

} // namespace rkt
