// SPDX-License-Identifier: Apache-2.0
//
// Removing a directory with everything in it, when what is in it was made by strangers.
//
// No link is followed, no mount is entered, and no depth of directories uses up the stack
// or the descriptors.

#pragma once

#include <filesystem>
#include <string>

namespace rkt {

// Removes `name` in the open directory `parent`; nothing happens if there is no such name.
// `parent_path` is for the messages. Throws at a mount point, having removed what came before it.
void remove_tree(int parent, const std::string& name, const std::filesystem::path& parent_path);

} // namespace rkt
