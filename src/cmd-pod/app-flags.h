// SPDX-License-Identifier: Apache-2.0
//
// The flags that belong to one app: the image before them.

#pragma once

#include "stage0/compose.h"

#include <span>
#include <string>

namespace rkt {

struct AppFlag {
    const char* name; // as typed
    void (*take)(AppOptions& options, const std::string& value);
    const char* help;
};

// Each takes a value. They throw UsageError, or an Error that quotes the value.
std::span<const AppFlag> app_flags();

// "volume=NAME,target=PATH".
Mount parse_mount(const std::string& text);

// "KEY=VALUE", for what is a key and no name of a variable.
std::pair<std::string, std::string> parse_pair(const std::string& text);

} // namespace rkt
