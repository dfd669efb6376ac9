// SPDX-License-Identifier: Apache-2.0
//
// Ports of the host that lead into a pod.

#pragma once

#include "appc/pod-manifest.h"
#include "pod/layout.h"
#include "pod/ports.h"
#include "stage0/network-plan.h"
#include "wrap/json.h"

#include <cstdint>
#include <set>
#include <string>
#include <vector>

namespace rkt {

struct PortMapping {
    std::string protocol; // "tcp" or "udp"
    std::uint16_t pod_port;
    std::uint16_t host_port;
    std::string host_ip = {}; // empty for all addresses of the host

    // Whether both want the same port of the same address.
    bool collides(const PortMapping& other) const noexcept;
    std::string str() const; // "127.0.0.1:8080/tcp"

    // As CNI's capability portMappings has it.
    Json json() const;
    static PortMapping parse(const Json& json);

    bool operator==(const PortMapping&) const = default;
};

// What the pod's manifest exposes, with the ports of its apps, which the images' manifests may say: a port
// that counts several is several. Throws Error for a port that no app has (POD-14), and for two that collide.
std::vector<PortMapping> port_mappings(const PodManifest& pod, const PodLayout& layout);

// The apps that are started by who connects to them: those with a port that is socketActivated.
std::set<std::string> activated_apps(const PodManifest& pod, const PodLayout& layout);

// Whether the pod exposes no port but such as are socketActivated, for which nothing is forwarded in the
// host's network. Throws Error for a port that no app has.
bool exposes_sockets_alone(const PodManifest& pod, const PodLayout& layout);

// What of the host leads to what of the pod, which is in a network of its own, or in the host's: there the
// ports that apps declare are the host's, those that are socketActivated where the pod exposes them. None
// leads to a pod that has no network. Throws Error for a port that no app has.
std::vector<PodPort> ports_into(const PodManifest& pod, const PodLayout& layout, NetworkPlan::Kind network);

// Writes them down for everybody, for the network that the pod's directory tells of.
void write_ports(const PodManifest& pod, const PodLayout& layout);

// Throws Error if a program of the host listens there already.
void check_port_is_free(const PortMapping& mapping);

} // namespace rkt
