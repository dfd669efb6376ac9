// SPDX-License-Identifier: Apache-2.0
//
// The directories of the store.

#pragma once

#include <filesystem>

namespace rkt {

// Makes those that are not there, with their modes and their group.
void make_store(const std::filesystem::path& data_dir);

} // namespace rkt
