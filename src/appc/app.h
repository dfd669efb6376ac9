// SPDX-License-Identifier: Apache-2.0
//
// What is run, and how: the "app" of an image manifest or of a pod manifest (ACI-10 to ACI-26).

#pragma once

#include "appc/environment.h"
#include "appc/isolator.h"
#include "appc/name.h"
#include "wrap/json.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace rkt {

class Reader;

// A program that runs before the app's main one, or after it.
struct EventHandler {
    enum class Event { PreStart, PostStop };

    Event event;
    std::vector<std::string> exec;
    Json::Object unknown = {};

    Json json() const;
    bool operator==(const EventHandler&) const = default;
};

// Where an app expects a volume.
struct MountPoint {
    AcName name;
    std::string path; // clean
    bool read_only = false;
    Json::Object unknown = {};

    Json json() const;
    bool operator==(const MountPoint&) const = default;
};

// Where an app listens: count ports that begin with this one.
struct Port {
    AcName name;
    std::string protocol;
    std::uint16_t port;
    std::uint16_t count = 1;
    bool socket_activated = false;
    Json::Object unknown = {};

    Json json() const;
    bool operator==(const Port&) const = default;
};

struct App {
    std::vector<std::string> exec = {};
    std::string user;  // a name, a number or a path, never empty
    std::string group; // likewise
    std::vector<std::uint32_t> supplementary_gids = {};
    std::vector<EventHandler> event_handlers = {};
    std::string working_directory = "/";
    Environment environment = {};
    std::vector<Isolator> isolators = {};
    std::vector<MountPoint> mount_points = {};
    std::vector<Port> ports = {};
    std::map<std::string, std::string> user_annotations = {};
    std::map<std::string, std::string> user_labels = {};
    Json::Object unknown = {};

    Json json() const;
    bool operator==(const App&) const = default;
};

// The handler of an event; nothing, as a null pointer, if there is none.
const EventHandler* find_handler(const App& app, EventHandler::Event event);

App read_app(Reader& reader);
Port read_port(Reader& reader);

} // namespace rkt
