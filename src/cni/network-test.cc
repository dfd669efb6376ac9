// SPDX-License-Identifier: Apache-2.0

#include "cni/network.h"

#include "base/error.h"
#include "base/text.h"
#include "os/file.h"
#include "os/temp-dir.h"

#include <doctest/doctest.h>

using namespace rkt;

namespace {

// Plugins that note what they are asked, and answer with their names.
struct Chain {
    Chain() {
        for (const char* name : {"one", "two"})
            write_plainly(
                dir.path() / name,
                fmt::format("#!/bin/sh\nread -r config\necho \"$CNI_COMMAND {0} $config\" >>{1}/notes\n"
                            "[ ! -e {1}/{0}.fails ] || exit 1\n"
                            "[ $CNI_COMMAND = DEL ] || echo '{{\"by\": \"{0}\"}}'\n",
                            name, dir.path()),
                0755);
        attachment.path = {dir.path()};
    }

    std::vector<std::string> notes() const {
        std::vector<std::string> lines;
        std::string text = read_file(dir.path() / "notes");
        for (std::string_view line : split(trim(text), '\n'))
            lines.emplace_back(line);
        return lines;
    }

    TempDir dir;
    Attachment attachment = {.container = "pod", .netns = "/run/netns/x", .interface = "eth0"};
    NetworkConfig config = NetworkConfig::parse(R"({"name": "n", "cniVersion": "1.0.0", "plugins": [
        {"type": "one"}, {"type": "two", "capabilities": {"portMappings": true, "other": false}}]})");
    RuntimeConfig runtime = {{"portMappings", Json::parse("[1]")}, {"other", Json("x")}};
};

} // namespace

TEST_CASE("plugins are called in order, each with what the one before has made") {
    Chain chain;
    CHECK(attach(chain.config, chain.attachment, chain.runtime).at("by").string() == "two");
    CHECK(
        chain.notes() ==
        std::vector<std::string>{
            R"(ADD one {"cniVersion":"1.0.0","name":"n","type":"one"})",
            R"(ADD two {"cniVersion":"1.0.0","name":"n","prevResult":{"by":"one"},"runtimeConfig":{"portMappings":[1]},"type":"two"})",
        });
}

TEST_CASE("they are called the other way round to remove it, all of them") {
    Chain chain;
    write_plainly(chain.dir.path() / "two.fails", "");
    CHECK_THROWS_AS(detach(chain.config, chain.attachment, {}, Json::parse(R"({"by": "two"})")), Error);
    CHECK(chain.notes() ==
          std::vector<std::string>{
              R"(DEL two {"cniVersion":"1.0.0","name":"n","prevResult":{"by":"two"},"type":"two"})",
              R"(DEL one {"cniVersion":"1.0.0","name":"n","prevResult":{"by":"two"},"type":"one"})",
          });
}

TEST_CASE("results of every version are understood") {
    NetworkResult old = NetworkResult::parse(Json::parse(
        R"({"ip4": {"ip": "10.1.0.5/16", "gateway": "10.1.0.1"}, "dns": {"nameservers": ["10.1.0.1"]}})"));
    CHECK(old.addresses == std::vector<NetworkAddress>{{"10.1.0.5", 16, "10.1.0.1"}});
    CHECK(old.dns.nameservers == std::vector<std::string>{"10.1.0.1"});
    NetworkResult now = NetworkResult::parse(Json::parse(
        R"({"ips": [{"address": "10.1.0.5/16"}, {"address": "fd00::5/64", "gateway": "fd00::1"}],
            "dns": {"domain": "local", "search": ["a", "b"], "options": ["ndots:1"]}})"));
    CHECK(now.addresses == std::vector<NetworkAddress>{{"10.1.0.5", 16, ""}, {"fd00::5", 64, "fd00::1"}});
    CHECK(now.addresses[1].is_ip6());
    CHECK(now.dns.search == std::vector<std::string>{"a", "b"});
    CHECK(NetworkResult::parse(Json::Object{}).addresses.empty());
    CHECK_THROWS_AS(NetworkResult::parse(Json::parse(R"({"ips": [{"address": "10.1.0.5"}]})")), Error);
    CHECK_THROWS_AS(NetworkResult::parse(Json::parse(R"({"ips": 5})")), Error);
}
