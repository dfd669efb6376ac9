// SPDX-License-Identifier: Apache-2.0
//
// A version as Semantic Versioning 2.0.0 has it, and the version of the spec that we follow.

#pragma once

#include "appc/word.h"

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace rkt {

struct SemVer {
    std::uint64_t major = 0;
    std::uint64_t minor = 0;
    std::uint64_t patch = 0;
    std::vector<std::string> pre_release = {};
    std::string build = {};

    // "1.2.3", "1.2.3-alpha.1+git" (AC-TYPE-5). Throws an Error that quotes the text.
    static SemVer parse(std::string_view text);

    std::string str() const;
    bool operator==(const SemVer&) const = default;
};

// Which of two versions comes first; builds do not matter.
std::weak_ordering precedence(const SemVer& a, const SemVer& b);

// The version of the App Container spec that we follow and write into manifests.
SemVer spec_version();

} // namespace rkt
