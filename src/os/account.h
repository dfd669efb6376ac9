// SPDX-License-Identifier: Apache-2.0
//
// The host's users and groups. Those of an image are never looked up here.

#pragma once

#include <optional>

#include <sys/types.h>

namespace rkt {

// Nothing if there is no such group.
std::optional<gid_t> find_group(const char* name);

} // namespace rkt
