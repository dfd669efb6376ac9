// SPDX-License-Identifier: Apache-2.0
//
// The <meta> tags of a page, read by libxml2's parser for HTML as it is found, not as it should be.
//
// A page is a stranger's: nothing is loaded from anywhere for it, and no tree is built of it.

#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace rkt {

struct HtmlMeta {
    std::string name;
    std::string content;
};

// Those with both a name and a content, in their order, with entities decoded. Throws Error if there are more
// than `most`.
std::vector<HtmlMeta> read_metas(std::string_view page, std::size_t most = 1000);

} // namespace rkt
