// SPDX-License-Identifier: Apache-2.0
//
// The service unit of an app: everything its manifests say, in systemd's words; and the units of its end.

#pragma once

#include "pod/settings.h"
#include "pod/stream-modes.h"
#include "stage1-systemd/outside/account.h"
#include "stage1-systemd/outside/capabilities.h"
#include "stage1-systemd/outside/socket-unit.h"

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
    Capabilities capabilities = {};                                    // that it may have
    Capabilities ambient = {};                                         // that it has although it is not root
    bool no_new_privileges = false;
    bool usual_filter = true; // what no app needs is forbidden
    std::string filter = {};  // compiled, of the app's own: launch loads it
    bool masked = true;       // what tells of the host is hidden
    bool read_only_root = false;
    std::vector<std::string> writable = {};                         // volumes, below a root that is read only
    std::vector<std::pair<std::string, std::string>> settings = {}; // what its isolators came to
    StreamModes streams = {};
    Words gates = {}; // apps of the pod whose pre-start handlers come before its main process (ACE-4)
    std::vector<Listener> listeners = {}; // if there are any, the first who comes starts the app
    std::string restart = "no";
    bool notifies = false;      // tells systemd when it is ready (ACI-44)
    bool only = false;          // of its pod: its end is the pod's
    bool asks_metadata = false; // from its first moment on
    bool apart = false;         // its end is its own affair: the pod goes on
};

// A name that a unit of the pod's own already has.
bool is_reserved(std::string_view app);

// Throws Error for what cannot be said in a unit.
std::string unit_text(const AppService& service);

// The units that record an app's end, one of which its service names in OnSuccess=, the other in OnFailure=.
std::string ended_unit(const AppService& service, bool failed); // its name
std::string ended_unit_text(const AppService& service, bool failed, ExitPolicy policy);

} // namespace rkt
