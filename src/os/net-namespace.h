// SPDX-License-Identifier: Apache-2.0
//
// Network namespaces that outlive their processes, kept by a file as ip-netns(8) does.

#pragma once

#include "os/fd.h"

#include <filesystem>

namespace rkt {

// Makes a namespace whose loopback is up and whose low ports are every user's, and the file that keeps it, in
// the mount namespace of the caller. Throws SystemError, also if the file is there.
void make_net_namespace(const std::filesystem::path& file);

// Removes the file, and with it the namespace when its last process has ended. Content if there is none.
// Throws SystemError.
void remove_net_namespace(const std::filesystem::path& file);

// For setns(2). Throws SystemError.
Fd open_net_namespace(const std::filesystem::path& file);

} // namespace rkt
