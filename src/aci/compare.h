// SPDX-License-Identifier: Apache-2.0
//
// Whether two trees of files are the same, as far as an image says what they are: names, kinds, contents,
// owners, modes, times, links, and the attributes that belong to an image.

#pragma once

#include "os/dir.h"

#include <optional>
#include <string>

namespace rkt {

// The first thing in which `tree` is not what was expected: "etc/passwd: its mode is another". Nothing if
// they are the same.
std::optional<std::string> find_difference(const Dir& tree, const Dir& expected);

} // namespace rkt
