// SPDX-License-Identifier: Apache-2.0
//
// Attaching a container to a network, and detaching it (CNI 1.0.0, section 3).

#pragma once

#include "cni/config.h"
#include "cni/plugin.h"

#include <optional>
#include <string>
#include <vector>

namespace rkt {

// What is told to those plugins of a network that say they can do with it ("capabilities"): "portMappings", …
using RuntimeConfig = Json::Object;

// Calls one plugin after the other, each with what the one before it has made. Gives what stands in the end,
// as plugins of `config.version` write it. Throws Error; what was made until then is for detach() to remove.
Json attach(const NetworkConfig& config, const Attachment& attachment, const RuntimeConfig& runtime);

// Removes what attach() has made, or a part of it. `result` is what it gave, if it did. Throws the first
// Error when all plugins have been called.
void detach(const NetworkConfig& config, const Attachment& attachment, const RuntimeConfig& runtime,
            const std::optional<Json>& result);

struct NetworkAddress {
    std::string address; // "172.16.28.5", "fd00::5"
    unsigned prefix = 0; // bits
    std::string gateway = {};

    bool is_ip6() const noexcept { return address.find(':') != std::string::npos; }
    bool operator==(const NetworkAddress&) const = default;
};

struct NetworkDns {
    std::vector<std::string> nameservers = {};
    std::string domain = {};
    std::vector<std::string> search = {};
    std::vector<std::string> options = {};

    bool operator==(const NetworkDns&) const = default;
};

struct NetworkResult {
    std::vector<NetworkAddress> addresses = {};
    NetworkDns dns = {};

    // Of every version of CNI: `ip4` and `ip6` until 0.2.0, `ips` from then on. Throws Error.
    static NetworkResult parse(const Json& json);
};

} // namespace rkt
