// SPDX-License-Identifier: Apache-2.0

#include "cni/plugin.h"

#include "base/error.h"
#include "os/file.h"
#include "os/temp-dir.h"

#include <doctest/doctest.h>

using namespace rkt;

namespace {

// A directory with one plugin that is a shell script.
struct Scripted {
    explicit Scripted(const std::string& script) {
        write_plainly(dir.path() / "made", "#!/bin/sh\n" + script + "\n", 0755);
        attachment.path = {"/nowhere", dir.path()};
    }

    Json call() { return call_plugin("ADD", attachment, config); }

    TempDir dir;
    Attachment attachment = {
        .container = "pod-1", .netns = "/run/netns/x", .interface = "eth0", .arguments = "A=1"};
    Json config = Json::parse(R"({"type": "made", "name": "n", "cniVersion": "1.0.0"})");
};

} // namespace

TEST_CASE("a plugin is told everything, and its answer is taken") {
    Scripted plugin(R"(read -r config
printf '{"told": "%s", "asked": %s}' "$CNI_COMMAND $CNI_CONTAINERID $CNI_NETNS $CNI_IFNAME $CNI_ARGS" "$config")");
    Json answer = plugin.call();
    CHECK(answer.at("told").string() == "ADD pod-1 /run/netns/x eth0 IgnoreUnknown=1;A=1");
    CHECK(answer.at("asked") == plugin.config);
}

TEST_CASE("a plugin may answer nothing") {
    CHECK(Scripted("exit 0").call().is(Json::Kind::Null));
}

TEST_CASE("a plugin that is not there is named, with the package that has it") {
    Scripted plugin("exit 0");
    plugin.config.set("type", "bridge");
    CHECK_THROWS_WITH_AS(plugin.call(), doctest::Contains("containernetworking-plugins"), Error);
}

TEST_CASE("a plugin that fails says why") {
    CHECK_THROWS_WITH_AS(
        Scripted(R"(echo '{"code": 7, "msg": "no room", "details": "all taken"}'; exit 1)").call(),
        doctest::Contains("no room; all taken"), Error);
    CHECK_THROWS_WITH_AS(Scripted("echo plain words >&2; exit 3").call(),
                         doctest::Contains("it ended with status 3: plain words"), Error);
}

TEST_CASE("a plugin that answers garbage, too much, or never, is refused") {
    CHECK_THROWS_WITH_AS(Scripted("echo garbage").call(), doctest::Contains("reading its answer"), Error);
    CHECK_THROWS_WITH_AS(Scripted("while :; do echo 0123456789012345678901234567890123456789; done").call(),
                         doctest::Contains("more than"), Error);
    Scripted silent("read -r config; tail -f /dev/null");
    silent.attachment.patience = std::chrono::milliseconds(50);
    CHECK_THROWS_WITH_AS(silent.call(), doctest::Contains("does not answer in time"), Error);
}
