// SPDX-License-Identifier: Apache-2.0
//
// Where the metadata service listens and what it works on, when no systemd has prepared that for it.

#pragma once

#include "os/fd.h"

#include <cstdint>
#include <filesystem>
#include <vector>

namespace rkt {

// For root: makes the directories and the sockets that units/rkt-metadata.* make otherwise, and becomes the
// service's user. Throws Error if somebody listens there already, or there is no such user.
std::vector<Fd> prepare_to_serve(std::uint16_t port, const std::filesystem::path& state_dir);

} // namespace rkt
