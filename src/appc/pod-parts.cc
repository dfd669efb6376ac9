// SPDX-License-Identifier: Apache-2.0

#include "appc/pod-parts.h"

#include "appc/limits.h"
#include "appc/reader.h"

#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>

#include <arpa/inet.h>

namespace rkt {

namespace {

constexpr std::uint64_t last_port = 65535;

bool is_ipv4(const std::string& address) {
    in_addr parsed = {};
    return ::inet_pton(AF_INET, address.c_str(), &parsed) == 1;
}

std::string read_host_ip(Reader& reader) {
    std::string address = reader.optional_text("hostIP").value_or("");
    if (reader.has("hostIP") && !is_ipv4(address))
        reader.fault("hostIP", fmt::format("\"{}\" is no IPv4 address", address));
    return address;
}

ExposedPort read_exposed_port(Reader& reader) {
    return {.name = reader.word<AcName>("name"),
            .host_port = static_cast<std::uint16_t>(reader.number("hostPort", 1, last_port)),
            .host_ip = read_host_ip(reader),
            .pod_port = reader.object("podPort", read_port),
            .unknown = reader.rest()};
}

// The ports of all apps that say what they are.
class Ports {
public:
    explicit Ports(const PodManifest& pod) {
        for (const RuntimeApp& app : pod.apps) {
            complete_ = complete_ && app.app;
            if (app.app)
                add(*app.app);
        }
    }

    // Nothing, as a null pointer, if no app that we know has the port that is meant.
    const Port* resolve(const ExposedPort& exposed) const {
        if (exposed.pod_port)
            return &*exposed.pod_port;
        auto found = by_name_.find(exposed.name.str());
        return found == by_name_.end() ? nullptr : found->second;
    }

    // Whether every app says what it is.
    bool is_complete() const noexcept { return complete_; }
    const std::vector<std::string>& names() const noexcept { return names_; }

private:
    void add(const App& app) {
        for (const Port& port : app.ports) {
            by_name_.emplace(port.name.str(), &port);
            names_.push_back(port.name.str());
        }
    }

    std::map<std::string_view, const Port*> by_name_;
    std::vector<std::string> names_;
    bool complete_ = true;
};

// What the host is asked for.
struct Claim {
    const ExposedPort* exposed;
    const Port* port;
};

bool clash(const Claim& a, const Claim& b) {
    const std::string& one = a.exposed->host_ip;
    const std::string& other = b.exposed->host_ip;
    bool same_address = one.empty() || other.empty() || one == other;
    if (!same_address || a.port->protocol != b.port->protocol)
        return false;
    return a.exposed->host_port < b.exposed->host_port + b.port->count &&
           b.exposed->host_port < a.exposed->host_port + a.port->count;
}

void check_claim(Reader& reader, const Claim& claim, std::span<const Claim> earlier) {
    const auto& [exposed, port] = claim;
    if (exposed->host_port + port->count - 1U > last_port)
        reader.fault("ports", fmt::format("the {} ports of the host from {} on end above {}", port->count,
                                          exposed->host_port, last_port));
    for (const Claim& other : earlier)
        if (clash(claim, other))
            reader.fault("ports", fmt::format("{} and {} want the same port {} of the host",
                                              other.exposed->name, exposed->name, exposed->host_port));
}

} // namespace

std::vector<ExposedPort> read_exposed_ports(Reader& reader) {
    return reader.list("ports", limits::ports, read_exposed_port);
}

void check_ports(Reader& reader, const PodManifest& pod) {
    Ports ports(pod);
    reader.refuse_twice("apps", ports.names());
    std::vector<Claim> claims;
    for (const ExposedPort& exposed : pod.ports) {
        if (const Port* port = ports.resolve(exposed)) {
            check_claim(reader, {&exposed, port}, claims);
            claims.push_back({&exposed, port});
        } else if (ports.is_complete()) {
            reader.fault("ports", fmt::format("no app has a port \"{}\"", exposed.name));
        }
    }
}

void check_mounts(Reader& reader, const PodManifest& pod) {
    std::set<std::string_view> volumes;
    for (const Volume& volume : pod.volumes)
        volumes.insert(volume.name.str());
    for (const RuntimeApp& app : pod.apps)
        for (const Mount& mount : app.mounts)
            if (!mount.app_volume && !volumes.contains(mount.volume.str()))
                reader.fault("apps", fmt::format("{} mounts the volume \"{}\", which is not there", app.name,
                                                 mount.volume));
}

} // namespace rkt
