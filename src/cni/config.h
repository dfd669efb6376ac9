// SPDX-License-Identifier: Apache-2.0
//
// Network configurations: what a network is made of, as files say it (CNI 1.0.0, section 1).

#pragma once

#include "wrap/json.h"

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace rkt {

struct NetworkConfig {
    std::string name;
    std::string version = "0.1.0";   // cniVersion, of what plugins are told and answer
    std::vector<Json> plugins = {};  // one object each, in the order in which they are called
    std::filesystem::path file = {}; // where it was read from; empty for what is built in

    // A list of plugins (.conflist), or one plugin's own configuration (.conf). Throws Error.
    static NetworkConfig parse(std::string_view text);

    // The list form, which parses to the same.
    Json json() const;
};

// All networks that are known by name.
class NetworkConfigs {
public:
    // Reads every *.conf and *.conflist of the directories, in the order of their file names; what a later
    // directory says of a name counts, and within one directory what stands first. A file that cannot be
    // read breaks the networks it names, and no other.
    NetworkConfigs(std::vector<NetworkConfig> built_in,
                   const std::vector<std::filesystem::path>& directories);

    // Throws Error: there is no such network, or its file cannot be read.
    const NetworkConfig& get(std::string_view name) const;

    std::vector<std::string> names() const;

private:
    void read_directory(const std::filesystem::path& directory);
    void read_file(const std::filesystem::path& file, std::map<std::string, NetworkConfig>& read);

    std::map<std::string, NetworkConfig, std::less<>> known_ = {};

    struct Broken {
        std::string network; // that it names; empty if even that cannot be read
        std::string fault;   // which file, and what is wrong with it
    };
    std::vector<Broken> broken_ = {};
};

} // namespace rkt
