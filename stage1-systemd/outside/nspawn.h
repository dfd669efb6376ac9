// SPDX-License-Identifier: Apache-2.0
//
// The host's systemd-nspawn, which makes the pod's namespaces and boots its systemd (systemd-nspawn(1)).

#pragma once

#include "appc/uuid.h"

#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace rkt {

// Joined is the one that rkt has put us in: nspawn, as with the host's, makes none.
enum class Network { None, Host, Joined };

struct NspawnOptions {
    Uuid uuid;
    std::string machine;
    std::filesystem::path rootfs;
    Network network = Network::None;
    std::optional<std::string> hostname = {};      // that of the machine's name if not given
    std::optional<std::string> private_users = {}; // "SHIFT:COUNT"; the tree belongs to them already
    std::set<std::string> capabilities = {};       // beyond nspawn's own
    bool debug = false;
};

// The whole command line, program first.
std::vector<std::string> nspawn_words(const NspawnOptions& options);

// Takes nspawn's place in this process, with the file descriptor kept open in it. Throws SystemError.
[[noreturn]] void become_nspawn(const std::vector<std::string>& words);

} // namespace rkt
