// SPDX-License-Identifier: Apache-2.0

#include "cni/network.h"

#include "base/error.h"
#include "base/text.h"

#include <exception>

namespace rkt {

namespace {

// What of the runtime's words a plugin asks for.
Json wanted_of(const Json& plugin, const RuntimeConfig& runtime) {
    Json wanted = Json::Object{};
    const Json* capabilities = plugin.find("capabilities");
    if (capabilities != nullptr)
        for (const auto& [name, wants] : capabilities->object())
            if (auto found = runtime.find(name); wants.boolean() && found != runtime.end())
                wanted.set(name, found->second);
    return wanted;
}

// A plugin's configuration as it is executed (section 3, "Deriving execution configuration").
Json derive(const NetworkConfig& config, const Json& plugin, const RuntimeConfig& runtime,
            const std::optional<Json>& previous) {
    Json::Object derived = plugin.object();
    Json wanted = wanted_of(plugin, runtime);
    derived.erase("capabilities");
    derived["name"] = config.name;
    derived["cniVersion"] = config.version;
    if (!wanted.object().empty())
        derived["runtimeConfig"] = std::move(wanted);
    if (previous && !previous->is(Json::Kind::Null))
        derived["prevResult"] = *previous;
    return derived;
}

NetworkAddress parse_address(const std::string& text, const Json* gateway) {
    auto slash = text.find('/');
    auto prefix =
        parse_number(std::string_view(text).substr(slash == std::string::npos ? text.size() : slash + 1));
    if (!prefix || *prefix > 128)
        throw Error("\"{}\" is no address with its prefix", text);
    return {.address = text.substr(0, slash),
            .prefix = static_cast<unsigned>(*prefix),
            .gateway = gateway != nullptr ? gateway->string() : ""};
}

std::vector<std::string> strings_of(const Json& json, std::string_view name) {
    const Json* found = json.find(name);
    return found != nullptr && !found->is(Json::Kind::Null) ? found->strings() : std::vector<std::string>();
}

NetworkDns parse_dns(const Json& json) {
    const Json* domain = json.find("domain");
    return {.nameservers = strings_of(json, "nameservers"),
            .domain = domain != nullptr ? domain->string() : "",
            .search = strings_of(json, "search"),
            .options = strings_of(json, "options")};
}

} // namespace

Json attach(const NetworkConfig& config, const Attachment& attachment, const RuntimeConfig& runtime) {
    std::optional<Json> result;
    for (const Json& plugin : config.plugins)
        result = call_plugin("ADD", attachment, derive(config, plugin, runtime, result));
    return std::move(*result);
}

void detach(const NetworkConfig& config, const Attachment& attachment, const RuntimeConfig& runtime,
            const std::optional<Json>& result) {
    std::exception_ptr first;
    for (auto plugin = config.plugins.rbegin(); plugin != config.plugins.rend(); ++plugin) {
        try {
            call_plugin("DEL", attachment, derive(config, *plugin, runtime, result));
        } catch (const Error&) {
            if (!first)
                first = std::current_exception();
        }
    }
    if (first)
        std::rethrow_exception(first);
}

NetworkResult NetworkResult::parse(const Json& json) {
    NetworkResult result;
    try {
        for (const char* old : {"ip4", "ip6"})
            if (const Json* ip = json.find(old))
                result.addresses.push_back(parse_address(ip->at("ip").string(), ip->find("gateway")));
        if (const Json* ips = json.find("ips"))
            for (const Json& ip : ips->list())
                result.addresses.push_back(parse_address(ip.at("address").string(), ip.find("gateway")));
        if (const Json* dns = json.find("dns"))
            result.dns = parse_dns(*dns);
    } catch (Error& error) {
        error.during("reading what a network's plugins have made");
        throw;
    }
    return result;
}

} // namespace rkt
