// SPDX-License-Identifier: Apache-2.0
//
// The service unit of an app: everything its manifests say, in systemd's words.

#pragma once

#include "stage1-systemd/outside/account.h"
#include "stage1-systemd/outside/capabilities.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rkt {

using Words = std::vector<std::string>;

struct AppService {
    std::string name;
    std::string image; // for people to read
    Words exec;
    Words pre_start = {};
    Words post_stop = {};
    Account account = {};
    std::string working_directory = "/";
    std::vector<std::pair<std::string, std::string>> environment = {}; // the app's own, names once
    Capabilities capabilities = {};
    bool no_new_privileges = false;
    bool read_only_root = false;
    bool notifies = false; // tells systemd when it is ready (ACI-44)
    bool only = false;     // of its pod: its end is the pod's
};

// A name that a unit of the pod's own already has.
bool is_reserved(std::string_view app);

// Throws Error for what cannot be said in a unit.
std::string unit_text(const AppService& service);

} // namespace rkt
