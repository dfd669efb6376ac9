// SPDX-License-Identifier: Apache-2.0
//
// Isolators as people write them on a command line: "512Mi", "CAP_KILL,CAP_CHOWN", "mode=retain,@rkt/…".
//
// Each function gives an isolator whose value has been checked like that of a manifest, and throws an Error
// that quotes the word.

#pragma once

#include "appc/isolator.h"

#include <string_view>

namespace rkt {

Isolator memory_isolator(std::string_view limit); // a quantity of bytes, 4096 at least
Isolator cpu_isolator(std::string_view limit);    // a quantity of cores
Isolator cpu_shares_isolator(std::string_view shares);
Isolator oom_score_isolator(std::string_view adjustment);
Isolator retained_capabilities(std::string_view names); // separated by commas
Isolator removed_capabilities(std::string_view names);

// "mode=retain|remove[,errno=NAME],ITEM[,ITEM…]": system calls and sets of them ("@rkt/default-whitelist").
Isolator seccomp_isolator(std::string_view words);

// Puts an isolator in the place of all that mean the same: of its name, or of the one that excludes it.
void replace_isolator(std::vector<Isolator>& isolators, Isolator isolator);

} // namespace rkt
