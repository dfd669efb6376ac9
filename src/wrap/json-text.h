// SPDX-License-Identifier: Apache-2.0
//
// The words of a JSON text, checked one by one before jsoncpp reads it.
//
// jsoncpp takes care of how the words fit together. Inside of them it lets through what RFC 8259
// forbids: raw control characters and broken UTF-8 in strings, half surrogate pairs, numbers such as
// 01 or 1., integers that it quietly makes inexact; and it takes a zero byte for the end of the text.

#pragma once

#include "base/error.h"

#include <cstddef>
#include <string_view>

namespace rkt {

// Throws an Error "line 3, column 7: …" for the first fault, also when objects and lists are deeper
// inside each other than depth.
void check_json_words(std::string_view text, std::size_t depth);

} // namespace rkt
