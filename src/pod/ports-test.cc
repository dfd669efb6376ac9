// SPDX-License-Identifier: Apache-2.0

#include "pod/ports.h"

#include <doctest/doctest.h>

using namespace rkt;

TEST_CASE("a port says what leads to what") {
    PodPort port = {
        .app = "web", .name = "http", .protocol = "tcp", .ip = "", .host_port = 8080, .pod_port = 80};
    CHECK(port.str() == "*:8080->80/tcp");
    port.ip = "127.0.0.1";
    port.count = 2;
    CHECK(port.str() == "127.0.0.1:8080-8081->80-81/tcp");
    port.ip = "::1";
    CHECK(port.str() == "[::1]:8080-8081->80-81/tcp");
    port.ip = std::nullopt;
    CHECK(port.str() == "80-81/tcp");
}

TEST_CASE("ports for programs have the members that there are") {
    PodPort port = {
        .app = "web", .name = "http", .protocol = "tcp", .ip = "", .host_port = 8080, .pod_port = 80};
    CHECK(port.json().compact() == R"({"app":"web","count":1,"host_ip":"","host_port":8080,"name":"http",)"
                                   R"("pod_port":80,"protocol":"tcp","socket_activated":false})");
    port.app.clear();
    port.ip = std::nullopt;
    CHECK(port.json().find("app") == nullptr);
    CHECK(port.json().find("host_ip") == nullptr);
}

TEST_CASE("ports survive being written down") {
    std::vector<PodPort> ports = {
        {.app = "web", .name = "http", .protocol = "tcp", .ip = "", .host_port = 8080, .pod_port = 80},
        {.name = "dns", .protocol = "udp", .ip = "127.0.0.53", .host_port = 53, .pod_port = 5353, .count = 2},
        {.app = "db",
         .name = "sql",
         .protocol = "tcp",
         .host_port = 1,
         .pod_port = 1,
         .socket_activated = true}};
    CHECK(port_lines(ports) == "web http tcp * 8080 80 1\n"
                               "- dns udp 127.0.0.53 53 5353 2\n"
                               "db sql tcp - 1 1 1 socketActivated\n");
    CHECK(parse_port_lines(port_lines(ports)) == ports);
    ports[1].protocol = "u d\033[p"; // an image may say so
    CHECK(parse_port_lines(port_lines(ports)).size() == 2);
}

TEST_CASE("lines of another form are passed over") {
    for (const char* line :
         {"", "web http tcp * 8080 80", "web http tcp * 8080 80 1 later", "web http tcp * 70000 80 1",
          "web http tcp * 8080 80 0", "web http tcp * x 80 1"})
        CHECK(parse_port_lines(line).empty());
}

TEST_CASE("POD-14: a port is exposed by its name, as often as the pod says so") {
    Port http = {.name = AcName::parse("http"), .protocol = "tcp", .port = 80};
    PodManifest pod;
    pod.ports = {{.name = http.name, .host_port = 8080},
                 {.name = AcName::parse("other"), .host_port = 8081},
                 {.name = http.name, .host_port = 8082, .host_ip = "127.0.0.1"},
                 {.name = http.name, .host_port = 8083, .pod_port = http}};
    std::vector<ExposedPort> exposures = exposures_of(http, pod);
    REQUIRE(exposures.size() == 2);
    CHECK(exposures[0].host_port == 8080);
    CHECK(exposures[1].host_port == 8082);
}
