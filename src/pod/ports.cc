// SPDX-License-Identifier: Apache-2.0

#include "pod/ports.h"

#include "base/text.h"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

namespace rkt {

namespace {

constexpr std::string_view none = "-";
constexpr std::string_view all = "*";
constexpr std::string_view activated = "socketActivated";

// "80", or "80-81" for two.
std::string range(std::uint16_t first, std::uint16_t count) {
    return count == 1 ? std::to_string(first) : fmt::format("{}-{}", first, first + count - 1);
}

std::string address(const std::string& ip) {
    if (ip.empty())
        return std::string(all);
    return ip.find(':') == std::string::npos ? ip : "[" + ip + "]";
}

std::string ip_word(const PodPort& port) {
    if (!port.ip)
        return std::string(none);
    return port.ip->empty() ? std::string(all) : *port.ip;
}

std::optional<std::string> parse_ip(std::string_view word) {
    if (word == none)
        return std::nullopt;
    return std::string(word == all ? "" : word);
}

std::uint16_t parse_port_number(std::string_view word) {
    std::optional<std::uint64_t> number = parse_number(word);
    bool is_port = number && *number <= std::numeric_limits<std::uint16_t>::max();
    return is_port ? static_cast<std::uint16_t>(*number) : 0;
}

std::optional<PodPort> parse_line(std::string_view line) {
    std::vector<std::string_view> words = split(line, ' ');
    if (words.size() != 7 && !(words.size() == 8 && words[7] == activated))
        return std::nullopt;
    PodPort port = {.app = std::string(words[0] == none ? "" : words[0]),
                    .name = std::string(words[1]),
                    .protocol = std::string(words[2]),
                    .ip = parse_ip(words[3]),
                    .host_port = parse_port_number(words[4]),
                    .pod_port = parse_port_number(words[5]),
                    .count = parse_port_number(words[6]),
                    .socket_activated = words.size() == 8};
    if (port.host_port == 0 || port.pod_port == 0 || port.count == 0)
        return std::nullopt;
    return port;
}

// Images may name any protocol, blanks and what moves a terminal's cursor among it.
bool is_word(const std::string& protocol) {
    return std::ranges::all_of(protocol, is_lower_alphanumeric);
}

} // namespace

std::string PodPort::str() const {
    std::string inside = fmt::format("{}/{}", range(pod_port, count), protocol);
    if (!ip)
        return inside;
    return fmt::format("{}:{}->{}", address(*ip), range(host_port, count), inside);
}

Json PodPort::json() const {
    Json json = Json::Object{};
    if (!app.empty())
        json.set("app", app);
    json.set("name", name).set("protocol", protocol);
    if (ip)
        json.set("host_ip", *ip);
    json.set("host_port", host_port).set("pod_port", pod_port).set("count", count);
    json.set("socket_activated", socket_activated);
    return json;
}

std::string port_lines(const std::vector<PodPort>& ports) {
    std::string text;
    for (const PodPort& port : ports)
        if (is_word(port.protocol))
            text += fmt::format("{} {} {} {} {} {} {}{}{}\n", port.app.empty() ? none : port.app, port.name,
                                port.protocol, ip_word(port), port.host_port, port.pod_port, port.count,
                                port.socket_activated ? " " : "", port.socket_activated ? activated : "");
    return text;
}

std::vector<PodPort> parse_port_lines(std::string_view text) {
    std::vector<PodPort> ports;
    for (std::string_view line : split(text, '\n'))
        if (std::optional<PodPort> port = parse_line(line))
            ports.push_back(std::move(*port));
    return ports;
}

std::vector<ExposedPort> exposures_of(const Port& port, const PodManifest& pod) {
    std::vector<ExposedPort> exposures;
    std::ranges::copy_if(pod.ports, std::back_inserter(exposures), [&](const ExposedPort& exposed) {
        return !exposed.pod_port && exposed.name == port.name;
    });
    return exposures;
}

} // namespace rkt
