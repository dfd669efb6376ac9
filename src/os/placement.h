// SPDX-License-Identifier: Apache-2.0
//
// A file or directory that is made beside the place it is for, and put there in one step when it is whole: an
// interruption leaves what was there before, or all of the new.

#pragma once

#include "os/dir.h"

#include <filesystem>
#include <string>

namespace rkt {

class Placement {
public:
    // Throws Error for the root directory, for a place in no directory, and for one that is taken, unless
    // that is to be replaced.
    Placement(const std::filesystem::path& target, bool overwrite);
    Placement(const Placement&) = delete;
    Placement& operator=(const Placement&) = delete;

    // Removes what was not put into place.
    ~Placement();

    // To be called once: makes what will be put into place.
    Fd make_file(mode_t mode) const { return parent_.make_file(name_, mode); }
    Dir make_dir(mode_t mode) const;

    // Everything has reached the disk when this returns. What was there is removed, a directory with
    // everything in it.
    void put();

private:
    Dir parent_;
    std::string target_;
    bool overwrite_;
    std::string name_;
};

} // namespace rkt
