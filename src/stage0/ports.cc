// SPDX-License-Identifier: Apache-2.0

#include "stage0/ports.h"

#include "appc/image-manifest.h"
#include "base/error.h"
#include "base/text.h"
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

struct FoundPort {
    std::string app; // empty if the exposure says all of the port itself
    Port port;
};

FoundPort find_port(const ExposedPort& exposed, const PodManifest& pod, const PodLayout& layout) {
    if (exposed.pod_port)
        return {.app = "", .port = *exposed.pod_port};
    for (const RuntimeApp& app : pod.apps)
        for (const Port& port : ports_of(app, layout))
            if (port.name == exposed.name)
                return {.app = app.name.str(), .port = port};
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

PodPort led_to(const FoundPort& found, const ExposedPort& exposed) {
    return {.app = found.app,
            .name = found.port.name.str(),
            .protocol = found.port.protocol,
            .ip = exposed.host_ip,
            .host_port = exposed.host_port,
            .pod_port = found.port.port,
            .count = found.port.count,
            .socket_activated = found.port.socket_activated};
}

// A port of the host's network: the app opens it itself, or systemd does, for all addresses.
PodPort opened(const FoundPort& found) {
    PodPort port = led_to(found, {.name = found.port.name, .host_port = found.port.port});
    if (!found.port.socket_activated)
        port.ip = std::nullopt;
    return port;
}

std::vector<PodPort> ports_of_host(const PodManifest& pod, const PodLayout& layout) {
    std::vector<PodPort> ports;
    for (const RuntimeApp& app : pod.apps)
        for (const Port& port : ports_of(app, layout)) {
            FoundPort found = {.app = app.name.str(), .port = port};
            std::vector<ExposedPort> exposures;
            if (port.socket_activated)
                exposures = exposures_of(port, pod);
            for (const ExposedPort& exposed : exposures)
                ports.push_back(led_to(found, exposed));
            if (exposures.empty())
                ports.push_back(opened(found));
        }
    return ports;
}

NetworkPlan::Kind kind_written_in(const PodLayout& layout) {
    std::string text = read_file_if_any(layout.networks()).value_or("");
    std::string_view word = trim(text);
    if (word == "host")
        return NetworkPlan::Kind::Host;
    return word.empty() || word == "none" ? NetworkPlan::Kind::None : NetworkPlan::Kind::Own;
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
        add_mappings(mappings, exposed, find_port(exposed, pod, layout).port);
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
        return !exposed.pod_port && find_port(exposed, pod, layout).port.socket_activated;
    });
}

std::vector<PodPort> ports_into(const PodManifest& pod, const PodLayout& layout, NetworkPlan::Kind network) {
    std::vector<PodPort> ports;
    if (network == NetworkPlan::Kind::Host)
        return ports_of_host(pod, layout);
    if (network == NetworkPlan::Kind::Own)
        for (const ExposedPort& exposed : pod.ports)
            ports.push_back(led_to(find_port(exposed, pod, layout), exposed));
    return ports;
}

void write_ports(const PodManifest& pod, const PodLayout& layout) {
    std::string lines = port_lines(ports_into(pod, layout, kind_written_in(layout)));
    if (!lines.empty())
        write_at_once(layout.ports(), lines);
    else
        std::filesystem::remove(layout.ports());
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
