// SPDX-License-Identifier: Apache-2.0
//
// What a pod uses of the store. Who collects reads this and never looks at pods.

#pragma once

#include <set>
#include <string>
#include <string_view>

namespace rkt {

struct Pin {
    std::set<std::string> images = {}; // ids
    std::set<std::string> layers = {}; // digests
    std::set<std::string> trees = {};  // digests

    void add(const Pin& other);

    // One "image ID", "layer DIGEST" or "tree DIGEST" a line. Throws an Error at anything else, also at a
    // last line that does not end: a pin that was not understood must not be taken for one that pins nothing.
    static Pin parse(std::string_view text);
    std::string str() const;
};

} // namespace rkt
