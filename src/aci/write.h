// SPDX-License-Identifier: Apache-2.0
//
// Writes an ACI: the inverse of read_aci.

#pragma once

#include "aci/id-shift.h"
#include "os/dir.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rkt {

// Writes the manifest and everything below the root as a compressed archive to the descriptor. The same tree
// gives the same bytes. What no image may have is left out, and told of in what is given back: sockets,
// devices, attributes of the host. `shift` is what a user namespace has done to the owners, if any.
std::vector<std::string> write_aci(int target, std::string_view manifest, const Dir& root,
                                   const std::optional<IdShift>& shift);

} // namespace rkt
