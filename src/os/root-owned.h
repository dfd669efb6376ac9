// SPDX-License-Identifier: Apache-2.0
//
// Files that nobody but root can have put where they are: as little to be doubted as the programs beside
// them.

#pragma once

#include "os/fd.h"

#include <filesystem>
#include <optional>
#include <string>

namespace rkt {

// Opens, for reading, a regular file of that directory, if root alone decides what it is: the file, the
// directory and every one above it belong to root, and nobody else may write to any of them. On the way to
// the directory, which is absolute, there is no link; the name itself may be one to another name in the
// directory. Nothing otherwise.
std::optional<Fd> find_root_owned(const std::filesystem::path& dir, const std::string& name);

} // namespace rkt
