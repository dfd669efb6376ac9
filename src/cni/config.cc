// SPDX-License-Identifier: Apache-2.0

#include "cni/config.h"

#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "os/file.h"

#include <algorithm>

namespace rkt {

namespace {

constexpr std::size_t most_plugins = 32;

// What CNI lets a network be called (section 1: letters, digits, and "_.-" behind the first).
bool is_network_name(std::string_view name) {
    auto plain = [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    };
    return !name.empty() && name.size() <= 255 && plain(name.front()) &&
           std::ranges::all_of(name, [&](char c) {
               return plain(c) || std::string_view("_.-").find(c) != std::string_view::npos;
           });
}

// The program of that name is looked for in directories: it must not lead out of them.
void check_plugin(const Json& plugin) {
    const std::string& type = plugin.at("type").string();
    if (type.empty() || type.find('/') != std::string::npos || type.starts_with('.'))
        throw Error("\"{}\" is no name of a plugin", type);
}

bool is_config_file(const std::filesystem::directory_entry& entry) {
    std::filesystem::path ending = entry.path().extension();
    return (ending == ".conf" || ending == ".conflist") && entry.is_regular_file();
}

// Of a file that is no configuration, as far as it can be told.
std::string name_in(const std::filesystem::path& file) {
    try {
        return Json::parse_object(read_file(file)).at("name").string();
    } catch (const Error&) {
        return {};
    }
}

std::vector<std::filesystem::path> files_of(const std::filesystem::path& directory) {
    std::vector<std::filesystem::path> files;
    std::error_code missing;
    for (const auto& entry : std::filesystem::directory_iterator(directory, missing))
        if (is_config_file(entry))
            files.push_back(entry.path());
    std::ranges::sort(files);
    return files;
}

} // namespace

NetworkConfig NetworkConfig::parse(std::string_view text) {
    Json json = Json::parse_object(text);
    NetworkConfig config = {.name = json.at("name").string()};
    if (!is_network_name(config.name))
        throw Error("\"{}\" is no name of a network", config.name);
    if (const Json* version = json.find("cniVersion"))
        config.version = version->string();
    if (const Json* plugins = json.find("plugins"))
        config.plugins = plugins->list();
    else
        config.plugins = {json};
    if (config.plugins.empty() || config.plugins.size() > most_plugins)
        throw Error("the network {} has {} plugins: 1 to {} can be called", config.name,
                    config.plugins.size(), most_plugins);
    for (const Json& plugin : config.plugins)
        check_plugin(plugin);
    return config;
}

Json NetworkConfig::json() const {
    Json json = Json::Object{};
    json.set("name", name);
    json.set("cniVersion", version);
    json.set("plugins", Json(Json::List(plugins)));
    return json;
}

NetworkConfigs::NetworkConfigs(std::vector<NetworkConfig> built_in,
                               const std::vector<std::filesystem::path>& directories) {
    for (NetworkConfig& config : built_in) {
        std::string name = config.name;
        known_.insert_or_assign(std::move(name), std::move(config));
    }
    for (const std::filesystem::path& directory : directories)
        read_directory(directory);
}

void NetworkConfigs::read_directory(const std::filesystem::path& directory) {
    std::map<std::string, NetworkConfig> read;
    for (const std::filesystem::path& file : files_of(directory))
        read_file(file, read);
    for (auto& [name, config] : read)
        known_.insert_or_assign(name, std::move(config));
}

void NetworkConfigs::read_file(const std::filesystem::path& file,
                               std::map<std::string, NetworkConfig>& read) {
    try {
        NetworkConfig config = NetworkConfig::parse(rkt::read_file(file));
        config.file = file;
        std::string name = config.name;
        if (auto [there, first] = read.emplace(name, std::move(config)); !first)
            warn("{}: the network {} is that of {} already", file, name, there->second.file);
    } catch (const Error& error) {
        broken_.push_back({.network = name_in(file), .fault = fmt::format("{}: {}", file, error.what())});
    }
}

const NetworkConfig& NetworkConfigs::get(std::string_view name) const {
    auto found = known_.find(name);
    for (const Broken& broken : broken_) // one that names nothing may be the one that is meant
        if (broken.network == name || (found == known_.end() && broken.network.empty()))
            throw Error("looking for the network {}: {}", name, broken.fault);
    if (found == known_.end())
        throw Error("there is no network {}; there are {}", name, join(names(), ", "));
    return found->second;
}

std::vector<std::string> NetworkConfigs::names() const {
    std::vector<std::string> names;
    for (const auto& [name, config] : known_)
        names.push_back(name);
    return names;
}

} // namespace rkt
