// SPDX-License-Identifier: Apache-2.0
//
// The programs that make networks (CNI 1.0.0, sections 2 and 4).

#pragma once

#include "wrap/json.h"

#include <chrono>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace rkt {

// What a container and its place in a network are called.
struct Attachment {
    std::string container;                                         // CNI_CONTAINERID
    std::filesystem::path netns;                                   // CNI_NETNS; for DEL it may be gone
    std::string interface;                                         // CNI_IFNAME: "eth0"
    std::string arguments = {};                                    // CNI_ARGS: "K=V;K=V"
    std::vector<std::filesystem::path> path = {};                  // CNI_PATH: where plugins lie
    std::chrono::milliseconds patience = std::chrono::seconds(60); // with one call of a plugin
};

// Where the plugin of that name lies. Throws Error if it is not there, which says what package has it.
std::filesystem::path find_plugin(const std::string& type, const Attachment& attachment);

// Calls a plugin with a configuration of its own. `verb` is ADD or DEL. Gives what it answers, null if that
// is nothing. Throws Error: it is not there, it says why, it takes too long, it
// answers what is no JSON.
Json call_plugin(std::string_view verb, const Attachment& attachment, const Json& config);

} // namespace rkt
