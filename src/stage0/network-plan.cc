// SPDX-License-Identifier: Apache-2.0

#include "stage0/network-plan.h"

#include "base/error.h"
#include "base/text.h"

#include <algorithm>

namespace rkt {

namespace {

// Two networks that need no configuration. Both are bridges, so that pods reach each other, and themselves by
// the host's ports (hairpinMode). Addresses are given out anew after a boot.
constexpr const char* default_network = R"({
    "cniVersion": "1.0.0", "name": "default",
    "plugins": [
        {"type": "bridge", "bridge": "rkt0", "isGateway": true, "isDefaultGateway": true, "hairpinMode": true,
         "ipMasq": true,
         "ipam": {"type": "host-local", "dataDir": "/run/rkt/addresses",
                  "ranges": [[{"subnet": "172.16.28.0/24"}], [{"subnet": "fd3b:9c1e:72a4::/64"}]]}},
        {"type": "portmap", "capabilities": {"portMappings": true}, "snat": true}
    ]})";

constexpr const char* restricted_network = R"({
    "cniVersion": "1.0.0", "name": "default-restricted",
    "plugins": [
        {"type": "bridge", "bridge": "rkt1", "isGateway": true, "hairpinMode": true,
         "ipam": {"type": "host-local", "dataDir": "/run/rkt/addresses",
                  "ranges": [[{"subnet": "172.31.28.0/24"}], [{"subnet": "fd3b:9c1e:72a5::/64"}]]}},
        {"type": "portmap", "capabilities": {"portMappings": true}, "snat": true}
    ]})";

struct AskedNetwork {
    std::string name;
    std::string arguments = {};
};

AskedNetwork parse_network(std::string_view word, std::string_view all) {
    std::vector<std::string_view> parts = split(word, ':');
    if (parts.front().empty() || parts.size() > 2)
        throw UsageError("--net={}: a network is NAME or NAME:KEY=VALUE;…", all);
    AskedNetwork asked = {.name = std::string(parts.front())};
    if (parts.size() == 2)
        asked.arguments = parts.back();
    if (parts.size() == 2)
        for (std::string_view argument : split(parts.back(), ';'))
            if (argument.find('=') == std::string_view::npos || argument.starts_with('='))
                throw UsageError("--net={}: \"{}\" is no argument of a network: KEY=VALUE", all, argument);
    return asked;
}

std::vector<AskedNetwork> parse_networks(std::string_view word) {
    std::vector<AskedNetwork> asked;
    for (std::string_view part : split(word, ',')) {
        AskedNetwork network = parse_network(part, word);
        if (std::ranges::find(asked, network.name, &AskedNetwork::name) != asked.end())
            throw UsageError("--net={}: the network {} is named twice", word, network.name);
        asked.push_back(std::move(network));
    }
    for (const AskedNetwork& network : asked)
        if (network.name == "none" || network.name == "host" || network.name == "all")
            throw UsageError("--net={}: {} stands alone, and without arguments", word, network.name);
    return asked;
}

std::vector<AskedNetwork> all_of(const NetworkConfigs& configs) {
    std::vector<AskedNetwork> asked;
    for (const std::string& name : configs.names())
        asked.push_back({.name = name});
    return asked;
}

} // namespace

NetworkPlan plan_networks(std::string_view word, const ConfigRoots& roots) {
    NetworkPlan plan = {.word = std::string(word.empty() ? "default" : word)};
    if (plan.word == "none")
        return plan;
    if (plan.word == "host") {
        plan.kind = NetworkPlan::Kind::Host;
        return plan;
    }
    std::filesystem::path own = roots.local / "net.d";
    NetworkConfigs configs({NetworkConfig::parse(default_network), NetworkConfig::parse(restricted_network)},
                           {roots.system / "net.d", own});
    plan.kind = NetworkPlan::Kind::Own;
    plan.plugin_path = {own, "/usr/lib/rkt/plugins/net", "/usr/lib/cni", "/opt/cni/bin"};
    for (AskedNetwork& asked : plan.word == "all" ? all_of(configs) : parse_networks(plan.word))
        plan.networks.push_back({.config = configs.get(asked.name),
                                 .interface = fmt::format("eth{}", plan.networks.size()),
                                 .arguments = std::move(asked.arguments)});
    return plan;
}

} // namespace rkt
