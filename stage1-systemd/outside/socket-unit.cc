// SPDX-License-Identifier: Apache-2.0

#include "stage1-systemd/outside/socket-unit.h"

#include "base/error.h"
#include "pod/ports.h"
#include "stage1-systemd/outside/unit-text.h"

namespace rkt {

namespace {

bool is_datagram(const Port& port) {
    if (port.protocol != "tcp" && port.protocol != "udp")
        throw Error("the port {} is socketActivated, and its protocol, {}, is neither tcp nor udp", port.name,
                    port.protocol);
    return port.protocol == "udp";
}

std::string address_of(const std::string& ip, unsigned port) {
    if (ip.empty())
        return std::to_string(port);
    bool is_ip6 = ip.find(':') != std::string::npos;
    return fmt::format("{}{}{}:{}", is_ip6 ? "[" : "", ip, is_ip6 ? "]" : "", port);
}

void add_listeners(std::vector<Listener>& listeners, const Port& port, const std::string& ip,
                   std::uint16_t first) {
    for (unsigned i = 0; i < port.count; ++i)
        listeners.push_back({.address = address_of(ip, first + i), .is_datagram = is_datagram(port)});
}

} // namespace

std::vector<Listener> listeners_of(const App& app, const PodManifest& pod, bool host_network) {
    std::vector<Listener> listeners;
    for (const Port& port : app.ports) {
        if (!port.socket_activated)
            continue;
        std::size_t before = listeners.size();
        if (host_network)
            for (const ExposedPort& exposed : exposures_of(port, pod))
                add_listeners(listeners, port, exposed.host_ip, exposed.host_port);
        if (listeners.size() == before)
            add_listeners(listeners, port, "", port.port);
    }
    return listeners;
}

std::string socket_unit(const std::string& app) {
    return app + ".socket";
}

std::string socket_unit_text(const std::string& app, const std::vector<Listener>& listeners, bool apart) {
    std::string text = "[Unit]\n";
    text += setting("Description", fmt::format("Sockets of {}", app));
    text += "DefaultDependencies=no\n"
            "Conflicts=shutdown.target\n"
            "Before=shutdown.target\n";
    text += apart ? setting("PartOf", app + ".service") : "Wants=done.target\n";
    text += "\n[Socket]\nBindIPv6Only=both\n";
    for (const Listener& listener : listeners)
        text += setting(listener.is_datagram ? "ListenDatagram" : "ListenStream", listener.address);
    return text;
}

} // namespace rkt
