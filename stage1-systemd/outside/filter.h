// SPDX-License-Identifier: Apache-2.0
//
// The pod's system call filter, compiled when stage1 was built (filter/generate-filter.cc).
//
// nspawn would compile the same one at every start, which takes longer than the rest of it. It works as
// well under the filter that is meant for its payload, so the filter is loaded before nspawn.

#pragma once

#include "stage1-systemd/outside/copied-filter.h"

#include <filesystem>
#include <optional>
#include <string_view>
#include <vector>

namespace rkt {

// A program as the kernel takes it; `name` is for the messages. Throws Error if it is none.
FilterProgram parse_program(std::string_view text, const std::filesystem::path& name);

// The programs of the directory, in the order of loading. Nothing if it has none.
std::optional<std::vector<FilterProgram>> read_filter(const std::filesystem::path& directory);

// Loads the programs of the directory into this process, for it and all it becomes, and tells nspawn to load
// none of its own. False, and nothing is changed, if the directory has none: not every machine has one.
bool load_filter(const std::filesystem::path& directory);

} // namespace rkt
