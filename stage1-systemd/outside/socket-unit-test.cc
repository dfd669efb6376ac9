// SPDX-License-Identifier: Apache-2.0

#include "stage1-systemd/outside/socket-unit.h"

#include "base/error.h"

#include <doctest/doctest.h>

using namespace rkt;

namespace {

App app_with(std::vector<Port> ports) {
    return {.user = "0", .group = "0", .ports = std::move(ports)};
}

Port port(const char* name, const char* protocol, std::uint16_t number) {
    return {.name = AcName::parse(name), .protocol = protocol, .port = number, .socket_activated = true};
}

} // namespace

TEST_CASE("ACE-53: only ports that are socketActivated have sockets, as many as they count") {
    App app = app_with({port("http", "tcp", 80), port("plain", "tcp", 81), port("dns", "udp", 53)});
    app.ports[1].socket_activated = false;
    app.ports[2].count = 2;
    CHECK(listeners_of(app, {}, false) == std::vector<Listener>{{"80"}, {"53", true}, {"54", true}});
    CHECK_THROWS_AS(listeners_of(app_with({port("x", "sctp", 1)}), {}, false), Error);
}

TEST_CASE("in the host's network a port that is exposed is the host's") {
    App app = app_with({port("http", "tcp", 80), port("other", "tcp", 90)});
    PodManifest pod;
    pod.ports = {{.name = AcName::parse("http"), .host_port = 8080, .host_ip = "127.0.0.1"},
                 {.name = AcName::parse("http"), .host_port = 8081, .host_ip = "::1"}};
    CHECK(listeners_of(app, pod, true) == std::vector<Listener>{{"127.0.0.1:8080"}, {"[::1]:8081"}, {"90"}});
    CHECK(listeners_of(app, pod, false) == std::vector<Listener>{{"80"}, {"90"}});
}

TEST_CASE("the sockets of an app hold its pod, unless the app's end is its own affair") {
    std::string text = socket_unit_text("web", {{"80"}, {"53", true}}, false);
    CHECK(text.find("\nWants=done.target\n") != std::string::npos);
    CHECK(text.find("\nListenStream=80\nListenDatagram=53\n") != std::string::npos);
    text = socket_unit_text("web", {{"80"}}, true);
    CHECK(text.find("\nPartOf=web.service\n") != std::string::npos);
    CHECK(text.find("done.target") == std::string::npos);
}
