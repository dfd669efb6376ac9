// SPDX-License-Identifier: Apache-2.0

#include "cni/config.h"

#include "base/error.h"
#include "os/file.h"
#include "os/temp-dir.h"

#include <doctest/doctest.h>

using namespace rkt;

namespace {

NetworkConfig built_in(const char* name) {
    NetworkConfig config = {.name = name};
    config.plugins = {Json::parse(R"({"type": "ptp"})")};
    return config;
}

} // namespace

TEST_CASE("a list of plugins keeps their order, and what each is told") {
    NetworkConfig config = NetworkConfig::parse(R"({"cniVersion": "1.0.0", "name": "web",
        "plugins": [{"type": "bridge", "mtu": 1400}, {"type": "portmap"}]})");
    CHECK(config.name == "web");
    CHECK(config.version == "1.0.0");
    REQUIRE(config.plugins.size() == 2);
    CHECK(config.plugins[0].at("mtu").natural() == 1400);
    CHECK(config.plugins[1].at("type").string() == "portmap");
    CHECK(NetworkConfig::parse(config.json().compact()).plugins == config.plugins);
}

TEST_CASE("the configuration of one plugin is a network of one") {
    NetworkConfig config = NetworkConfig::parse(R"({"name": "old", "type": "ptp", "ipMasq": true})");
    CHECK(config.version == "0.1.0");
    REQUIRE(config.plugins.size() == 1);
    CHECK(config.plugins[0].at("ipMasq").boolean());
}

TEST_CASE("what is no configuration is refused") {
    for (const char* bad : {
             "",
             "[]",
             R"({"type": "ptp"})",
             R"({"name": "x"})",
             R"({"name": "", "type": "ptp"})",
             R"({"name": "../x", "type": "ptp"})",
             R"({"name": "x", "type": "../../bin/sh"})",
             R"({"name": "x", "type": ""})",
             R"({"name": "x", "plugins": []})",
             R"({"name": "x", "plugins": [{"mtu": 1}]})",
             R"({"name": "x", "plugins": {}})",
         }) {
        CAPTURE(bad);
        CHECK_THROWS_AS(NetworkConfig::parse(bad), Error);
    }
}

TEST_CASE("a later directory counts, and in one directory what stands first") {
    TempDir dir;
    std::filesystem::create_directories(dir.path() / "system");
    std::filesystem::create_directories(dir.path() / "local");
    write_plainly(dir.path() / "system/10-a.conf", R"({"name": "a", "type": "system"})");
    write_plainly(dir.path() / "system/10-b.conf", R"({"name": "b", "type": "system"})");
    write_plainly(dir.path() / "local/10-a.conf", R"({"name": "a", "type": "first"})");
    write_plainly(dir.path() / "local/20-a.conf", R"({"name": "a", "type": "second"})");
    write_plainly(dir.path() / "local/30-c.json", R"({"name": "c", "type": "no network"})");
    NetworkConfigs configs({built_in("default")},
                           {dir.path() / "system", dir.path() / "local", dir.path() / "nowhere"});
    CHECK(configs.get("a").plugins[0].at("type").string() == "first");
    CHECK(configs.get("a").file == dir.path() / "local/10-a.conf");
    CHECK(configs.get("b").plugins[0].at("type").string() == "system");
    CHECK(configs.get("default").file.empty());
    CHECK(configs.names() == std::vector<std::string>{"a", "b", "default"});
    CHECK_THROWS_WITH(configs.get("c"), "there is no network c; there are a, b, default");
}

TEST_CASE("a broken file breaks the networks it names, and no other") {
    TempDir dir;
    write_plainly(dir.path() / "10-a.conf", R"({"name": "a", "type": ""})");
    write_plainly(dir.path() / "20-b.conf", R"({"name": "b", "type": "ptp"})");
    NetworkConfigs configs({built_in("a")}, {dir.path()});
    CHECK(configs.get("b").name == "b");
    CHECK_THROWS_AS(configs.get("a"), Error); // not the one that is built in
    CHECK_THROWS_WITH(configs.get("c"), "there is no network c; there are a, b");
    write_plainly(dir.path() / "30-c.conf", "{");
    NetworkConfigs again({}, {dir.path()});
    CHECK(again.get("b").name == "b");
    CHECK_THROWS_WITH_AS(again.get("c"), doctest::Contains("30-c.conf"), Error);
}
