// SPDX-License-Identifier: Apache-2.0
//
// Which networks a pod is to be in: what --net says, made once where arguments are read.

#pragma once

#include "cni/config.h"
#include "config/settings.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace rkt {

struct PlannedNetwork {
    NetworkConfig config;
    std::string interface;      // "eth0" for the first, and so on
    std::string arguments = {}; // CNI_ARGS: "K=V;K=V"
};

struct NetworkPlan {
    enum class Kind {
        None, // a namespace of its own, with nothing but a loopback
        Host, // the host's
        Own,  // a namespace of its own that is in networks
    };

    Kind kind = Kind::None;
    std::string word = "none";                           // as it was asked for
    std::vector<PlannedNetwork> networks = {};           // of Own, in the order they are made
    std::vector<std::filesystem::path> plugin_path = {}; // where plugins are looked for
};

// "none", "host", "all", or networks by name: "NAME[:K=V[;K=V…]],…". The empty word is "default". What is
// configured is read from net.d of the roots; `default` and `default-restricted` are built in.
// Throws UsageError for the words, and Error for a network that there is not or that cannot be read.
NetworkPlan plan_networks(std::string_view word, const ConfigRoots& roots);

} // namespace rkt
