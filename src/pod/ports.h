// SPDX-License-Identifier: Apache-2.0
//
// What of the host leads to what of a pod, written down for everybody to see.

#pragma once

#include "appc/pod-manifest.h"
#include "wrap/json.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rkt {

// Ports of the host, one after the other, that lead to as many of the pod.
struct PodPort {
    std::string app = {};               // empty if the pod's manifest alone names the port
    std::string name = {};              // as the app calls it
    std::string protocol = {};          // "tcp", "udp", …
    std::optional<std::string> ip = {}; // of the host, empty for all its addresses; nothing if the app opens
                                        // the port itself in the host's network, where it likes
    std::uint16_t host_port = 0;        // the first
    std::uint16_t pod_port = 0;         // the first
    std::uint16_t count = 1;
    bool socket_activated = false; // the pod's systemd opens it for the app

    bool operator==(const PodPort&) const = default;

    // "127.0.0.1:8080->80/tcp", "*:8090-8091->80-81/udp", and "80/tcp" for what an app opens itself.
    std::string str() const;

    // With the members "app", "name", "protocol", "host_ip", "host_port", "pod_port", "count" and
    // "socket_activated"; without those that there are not.
    Json json() const;
};

// A line each: APP NAME PROTOCOL IP HOSTPORT PODPORT COUNT [socketActivated]. APP is "-" for none, IP "*" for
// all and "-" for none. What is not of this form is passed over.
std::string port_lines(const std::vector<PodPort>& ports);
std::vector<PodPort> parse_port_lines(std::string_view text);

// Where a pod exposes the port of an app by its name.
std::vector<ExposedPort> exposures_of(const Port& port, const PodManifest& pod);

} // namespace rkt
