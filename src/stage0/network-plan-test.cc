// SPDX-License-Identifier: Apache-2.0

#include "stage0/network-plan.h"

#include "base/error.h"
#include "os/file.h"
#include "os/temp-dir.h"

#include <doctest/doctest.h>

using namespace rkt;

namespace {

struct Roots {
    Roots() {
        std::filesystem::create_directories(dir.path() / "local/net.d");
        write_plainly(dir.path() / "local/net.d/10-web.conf", R"({"name": "web", "type": "ptp"})");
        write_plainly(dir.path() / "local/net.d/20-bad.conf", R"({"name": "bad", "type": ""})");
    }

    NetworkPlan plan(std::string_view word) const {
        return plan_networks(word, {.system = dir.path() / "system", .local = dir.path() / "local"});
    }

    TempDir dir;
};

} // namespace

TEST_CASE("none and host are no networks") {
    Roots roots;
    CHECK(roots.plan("none").kind == NetworkPlan::Kind::None);
    CHECK(roots.plan("host").kind == NetworkPlan::Kind::Host);
    CHECK(roots.plan("host").networks.empty());
}

TEST_CASE("networks come in the order of the line, with their arguments") {
    NetworkPlan plan = Roots().plan("web:IP=10.0.0.5;MODE=x,default");
    CHECK(plan.kind == NetworkPlan::Kind::Own);
    REQUIRE(plan.networks.size() == 2);
    CHECK(plan.networks[0].config.name == "web");
    CHECK(plan.networks[0].interface == "eth0");
    CHECK(plan.networks[0].arguments == "IP=10.0.0.5;MODE=x");
    CHECK(plan.networks[1].config.name == "default");
    CHECK(plan.networks[1].interface == "eth1");
}

TEST_CASE("the bare flag is the default network, which needs no file") {
    NetworkPlan plan = Roots().plan("");
    REQUIRE(plan.networks.size() == 1);
    CHECK(plan.networks[0].config.name == "default");
    CHECK(plan.networks[0].config.file.empty());
    CHECK(plan.word == "default");
}

TEST_CASE("all are all that can be read") {
    NetworkPlan plan = Roots().plan("all");
    REQUIRE(plan.networks.size() == 3);
    CHECK(plan.networks[2].config.name == "web");
}

TEST_CASE("what is no list of networks is refused") {
    Roots roots;
    for (const char* bad : {",", "web,", ":A=1", "web:", "web:A", "web:=1", "web:A=1:B=2", "web,web",
                            "web,none", "host,web", "all,web", "none:A=1"}) {
        CAPTURE(bad);
        CHECK_THROWS_AS(roots.plan(bad), UsageError);
    }
    CHECK_THROWS_WITH_AS(roots.plan("nowhere"), doctest::Contains("there is no network nowhere"), Error);
    CHECK_THROWS_WITH_AS(roots.plan("bad"), doctest::Contains("20-bad.conf"), Error);
}
