// SPDX-License-Identifier: Apache-2.0
//
// Ports whose sockets the pod's systemd opens for an app, and at which it waits for the first who comes
// before it starts the app: `socketActivated` (ACE-53, ACE-54).

#pragma once

#include "appc/app.h"
#include "appc/pod-manifest.h"

#include <string>
#include <vector>

namespace rkt {

// One socket, as systemd.socket(5) has it.
struct Listener {
    std::string address; // "80", "127.0.0.1:8080", "[::1]:8080"
    bool is_datagram = false;

    bool operator==(const Listener&) const = default;
};

// In the order of the app's ports, those that count several one after the other. In the host's network a port
// that the pod exposes is the host's, at the address that was given. Throws Error for a protocol that has no
// such sockets.
std::vector<Listener> listeners_of(const App& app, const PodManifest& pod, bool host_network);

std::string socket_unit(const std::string& app); // its name

// `apart` is an app whose end is its own affair: its sockets are there while it is wanted. The sockets of
// others hold the pod.
std::string socket_unit_text(const std::string& app, const std::vector<Listener>& listeners, bool apart);

} // namespace rkt
