// SPDX-License-Identifier: Apache-2.0

#include "stage0/ports.h"

#include "appc/image-manifest.h"
#include "base/error.h"
#include "os/fd.h"
#include "os/file.h"

#include <algorithm>
#include <cerrno>
#include <limits>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace rkt {

namespace {

// Of the app itself, or of its image.
std::vector<Port> ports_of(const RuntimeApp& app, const PodLayout& layout) {
    if (app.app)
        return app.app->ports;
    ImageManifest image = ImageManifest::parse(read_file(layout.image_manifest(app.name.str())));
    return image.app ? image.app->ports : std::vector<Port>();
}

Port find_port(const ExposedPort& exposed, const PodManifest& pod, const PodLayout& layout) {
    if (exposed.pod_port)
        return *exposed.pod_port;
    for (const RuntimeApp& app : pod.apps)
        for (const Port& port : ports_of(app, layout))
            if (port.name == exposed.name)
                return port;
    throw Error("no app of the pod has a port {}", exposed.name.str());
}

void add_mappings(std::vector<PortMapping>& mappings, const ExposedPort& exposed, const Port& port) {
    constexpr unsigned highest = std::numeric_limits<std::uint16_t>::max();
    if (exposed.host_port + port.count - 1U > highest || port.port + port.count - 1U > highest)
        throw Error("the port {} counts {} from {}: there is none behind {}", exposed.name.str(), port.count,
                    exposed.host_port, highest);
    for (unsigned i = 0; i < port.count; ++i) {
        PortMapping mapping = {.protocol = port.protocol,
                               .pod_port = static_cast<std::uint16_t>(port.port + i),
                               .host_port = static_cast<std::uint16_t>(exposed.host_port + i),
                               .host_ip = exposed.host_ip};
        if (std::ranges::any_of(mappings, [&](const PortMapping& other) { return other.collides(mapping); }))
            throw Error("the host's port {} is to lead to two ports of the pod", mapping.str());
        mappings.push_back(std::move(mapping));
    }
}

struct Address {
    sockaddr_storage storage = {};
    socklen_t size = 0;
};

Address address_of(const PortMapping& mapping) {
    Address address;
    auto* ip4 = reinterpret_cast<sockaddr_in*>(&address.storage);
    auto* ip6 = reinterpret_cast<sockaddr_in6*>(&address.storage);
    if (::inet_pton(AF_INET6, mapping.host_ip.c_str(), &ip6->sin6_addr) == 1) {
        ip6->sin6_family = AF_INET6;
        ip6->sin6_port = htons(mapping.host_port);
        address.size = sizeof *ip6;
        return address;
    }
    if (!mapping.host_ip.empty() && ::inet_pton(AF_INET, mapping.host_ip.c_str(), &ip4->sin_addr) != 1)
        throw Error("\"{}\" is no address of the host", mapping.host_ip);
    ip4->sin_family = AF_INET;
    ip4->sin_port = htons(mapping.host_port);
    address.size = sizeof *ip4;
    return address;
}

} // namespace

bool PortMapping::collides(const PortMapping& other) const noexcept {
    return protocol == other.protocol && host_port == other.host_port &&
           (host_ip.empty() || other.host_ip.empty() || host_ip == other.host_ip);
}

std::string PortMapping::str() const {
    if (host_ip.find(':') != std::string::npos)
        return fmt::format("[{}]:{}/{}", host_ip, host_port, protocol);
    return fmt::format("{}{}{}/{}", host_ip, host_ip.empty() ? "" : ":", host_port, protocol);
}

Json PortMapping::json() const {
    Json json = Json::Object{};
    json.set("protocol", protocol).set("containerPort", pod_port).set("hostPort", host_port);
    if (!host_ip.empty())
        json.set("hostIP", host_ip);
    return json;
}

PortMapping PortMapping::parse(const Json& json) {
    const Json* host_ip = json.find("hostIP");
    return {.protocol = json.at("protocol").string(),
            .pod_port = static_cast<std::uint16_t>(json.at("containerPort").natural()),
            .host_port = static_cast<std::uint16_t>(json.at("hostPort").natural()),
            .host_ip = host_ip != nullptr ? host_ip->string() : ""};
}

std::vector<PortMapping> port_mappings(const PodManifest& pod, const PodLayout& layout) {
    std::vector<PortMapping> mappings;
    for (const ExposedPort& exposed : pod.ports)
        add_mappings(mappings, exposed, find_port(exposed, pod, layout));
    return mappings;
}

std::set<std::string> activated_apps(const PodManifest& pod, const PodLayout& layout) {
    std::set<std::string> apps;
    for (const RuntimeApp& app : pod.apps)
        if (std::ranges::any_of(ports_of(app, layout), &Port::socket_activated))
            apps.insert(app.name.str());
    return apps;
}

bool exposes_sockets_alone(const PodManifest& pod, const PodLayout& layout) {
    return std::ranges::all_of(pod.ports, [&](const ExposedPort& exposed) {
        return !exposed.pod_port && find_port(exposed, pod, layout).socket_activated;
    });
}

void check_port_is_free(const PortMapping& mapping) {
    Address address = address_of(mapping);
    int type = mapping.protocol == "udp" ? SOCK_DGRAM : SOCK_STREAM;
    Fd socket(::socket(address.storage.ss_family, type | SOCK_CLOEXEC, 0));
    int on = 1;
    if (!socket || ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) < 0)
        throw SystemError(errno, "making a socket");
    if (::bind(socket.get(), reinterpret_cast<sockaddr*>(&address.storage), address.size) < 0)
        throw SystemError(errno, "taking the host's port {} (ss --listening --processes tells who has it)",
                          mapping.str());
}

} // namespace rkt
