// SPDX-License-Identifier: Apache-2.0
//
// Paths in manifests, as texts: nothing here looks at a file.

#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace rkt {

class Reader;

// From the root, and without "." and ".." and double or trailing slashes.
bool is_clean_path(std::string_view path) noexcept;

// Whether one is the other or lies inside of it. Both must be clean.
bool are_nested(std::string_view a, std::string_view b) noexcept;

// Reads a member that must be there, and must be a clean path; no longer than the kernel takes.
std::string read_clean_path(Reader& reader, std::string_view name);

// A fault of the member for every two paths of which one is inside the other (ACE-27).
void refuse_nested(Reader& reader, std::string_view name, std::vector<std::string> paths);

} // namespace rkt
