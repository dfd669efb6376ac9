// SPDX-License-Identifier: Apache-2.0

#include "stage0/ports.h"

#include "base/error.h"
#include "os/fd.h"
#include "os/file.h"
#include "os/temp-dir.h"

#include <doctest/doctest.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

using namespace rkt;

namespace {

PodManifest pod_with(const char* ports) {
    return PodManifest::parse(fmt::format(R"({{"acKind": "PodManifest", "acVersion": "0.8.11",
        "apps": [{{"name": "web", "image": {{"id": "sha512-{}"}},
                  "app": {{"exec": ["/web"], "user": "0", "group": "0",
                          "ports": [{{"name": "http", "protocol": "tcp", "port": 80}},
                                    {{"name": "many", "protocol": "udp", "port": 5000, "count": 3}}]}}}}],
        "ports": {}}})",
                                          std::string(128, 'a'), ports));
}

std::vector<PortMapping> mappings_of(const char* ports) {
    return port_mappings(pod_with(ports), PodLayout{.dir = "/nowhere"});
}

} // namespace

TEST_CASE("POD-14: a port of the host leads to the app's port of that name") {
    CHECK(mappings_of(R"([{"name": "http", "hostPort": 8080, "hostIP": "127.0.0.1"}])") ==
          std::vector<PortMapping>{{"tcp", 80, 8080, "127.0.0.1"}});
    CHECK_THROWS_WITH_AS(mappings_of(R"([{"name": "https", "hostPort": 8443}])"),
                         doctest::Contains("no app has a port"), Error);
}

TEST_CASE("a port that counts several is several") {
    CHECK(mappings_of(R"([{"name": "many", "hostPort": 6000}])") ==
          std::vector<PortMapping>{{"udp", 5000, 6000}, {"udp", 5001, 6001}, {"udp", 5002, 6002}});
    CHECK_THROWS_AS(mappings_of(R"([{"name": "many", "hostPort": 65534}])"), Error);
}

TEST_CASE("one port of the host leads to one port of the pod") {
    CHECK_THROWS_AS(
        mappings_of(R"([{"name": "many", "hostPort": 6000}, {"name": "many", "hostPort": 6002}])"), Error);
    CHECK(mappings_of(R"([{"name": "http", "hostPort": 6000}, {"name": "many", "hostPort": 6000}])").size() ==
          4);
    CHECK(PortMapping{"tcp", 1, 80}.collides({"tcp", 2, 80, "127.0.0.1"}));
    CHECK_FALSE(PortMapping{"tcp", 1, 80, "127.0.0.2"}.collides({"tcp", 2, 80, "127.0.0.1"}));
}

TEST_CASE("ACE-53: apps that wait for somebody are known by their ports") {
    PodManifest pod = pod_with(R"([{"name": "http", "hostPort": 8080}])");
    PodLayout layout = {.dir = "/nowhere"};
    CHECK(activated_apps(pod, layout).empty());
    CHECK_FALSE(exposes_sockets_alone(pod, layout));
    pod.apps[0].app->ports[0].socket_activated = true;
    CHECK(activated_apps(pod, layout) == std::set<std::string>{"web"});
    CHECK(exposes_sockets_alone(pod, layout));
    pod.ports.push_back({.name = AcName::parse("many"), .host_port = 6000});
    CHECK_FALSE(exposes_sockets_alone(pod, layout));
}

TEST_CASE("what leads into a pod is said for each kind of network") {
    PodManifest pod = pod_with(R"([{"name": "http", "hostPort": 8080, "hostIP": "127.0.0.1"}])");
    PodLayout layout = {.dir = "/nowhere"};
    auto words = [&](NetworkPlan::Kind kind) {
        std::vector<std::string> all;
        for (const PodPort& port : ports_into(pod, layout, kind))
            all.push_back(port.app + " " + port.name + " " + port.str());
        return all;
    };
    using Kind = NetworkPlan::Kind;
    using Words = std::vector<std::string>;
    CHECK(words(Kind::Own) == Words{"web http 127.0.0.1:8080->80/tcp"});
    CHECK(words(Kind::Host) == Words{"web http 80/tcp", "web many 5000-5002/udp"});
    CHECK(words(Kind::None).empty());
    for (Port& port : pod.apps[0].app->ports)
        port.socket_activated = true;
    CHECK(words(Kind::Host) ==
          Words{"web http 127.0.0.1:8080->80/tcp", "web many *:5000-5002->5000-5002/udp"});
    pod.ports = {{.name = AcName::parse("own"), .host_port = 1, .pod_port = pod.apps[0].app->ports[0]}};
    pod.ports[0].pod_port->name = AcName::parse("own");
    CHECK(words(Kind::Own) == Words{" own *:1->80/tcp"});
}

TEST_CASE("ports are written down for the network that the pod has, and not without any") {
    TempDir dir;
    PodLayout layout = {.dir = dir.path()};
    PodManifest pod = pod_with(R"([{"name": "http", "hostPort": 8080}])");
    for (auto [network, lines] : {std::pair("default eth0 172.16.28.2/24\n", "web http tcp * 8080 80 1\n"),
                                  std::pair("host\n", "web http tcp - 80 80 1\nweb many udp - 5000 5000 3\n"),
                                  std::pair("none\n", "")}) {
        write_plainly(layout.networks(), network);
        write_ports(pod, layout);
        CHECK(read_file_if_any(layout.ports()).value_or("") == lines);
    }
    CHECK_FALSE(std::filesystem::exists(layout.ports()));
}

TEST_CASE("mappings survive being written down") {
    for (const PortMapping& mapping : {PortMapping{"tcp", 80, 8080}, PortMapping{"udp", 53, 53, "127.0.0.53"},
                                       PortMapping{"tcp", 1, 2, "::1"}})
        CHECK(PortMapping::parse(mapping.json()) == mapping);
    CHECK(PortMapping{"tcp", 1, 2, "::1"}.str() == "[::1]:2/tcp");
}

TEST_CASE("a port that a program of the host has is not free") {
    Fd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* any = reinterpret_cast<sockaddr*>(&address);
    REQUIRE(::bind(socket.get(), any, size) == 0);
    REQUIRE(::listen(socket.get(), 1) == 0);
    REQUIRE(::getsockname(socket.get(), any, &size) == 0);
    PortMapping mapping = {"tcp", 80, ntohs(address.sin_port), "127.0.0.1"};
    CHECK_THROWS_AS(check_port_is_free(mapping), Error);
    mapping.host_ip = ""; // every address is this one, too
    CHECK_THROWS_AS(check_port_is_free(mapping), Error);
    socket.reset();
    check_port_is_free(mapping);
    mapping.host_ip = "no address";
    CHECK_THROWS_AS(check_port_is_free(mapping), Error);
}
