// SPDX-License-Identifier: Apache-2.0
//
// The verbs of a program, and which one is meant.

#pragma once

#include <span>
#include <string>
#include <vector>

namespace rkt {

using Words = std::vector<std::string>;

struct Verb {
    const char* name;
    const char* summary;
    int (*act)(const Words& words); // gives the exit status
};

// The verb of that name, or the only one whose name begins so. Throws UsageError.
const Verb& find_verb(std::span<const Verb> verbs, const std::string& word);

} // namespace rkt
