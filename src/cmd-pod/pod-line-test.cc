// SPDX-License-Identifier: Apache-2.0

#include "cmd-pod/pod-line.h"

#include "base/error.h"

#include <doctest/doctest.h>

using namespace rkt;

namespace {

PodLine read(const std::vector<std::string>& words) {
    CommandLine line("rkt run", "");
    PodLine pod;
    pod.declare(line);
    pod.parse(line, words);
    return pod;
}

} // namespace

TEST_CASE("a name belongs to the pod before the first image and to an app behind one") {
    PodLine pod = read({"--name=web", "example.com/a", "--name", "first", "example.com/b"});
    CHECK(pod.pod_name() == "web");
    REQUIRE(pod.apps().size() == 2);
    CHECK(pod.apps()[0].options.name == "first");
    CHECK_FALSE(pod.apps()[1].options.name);
}

TEST_CASE("an argument list goes to --- or to the end, and is taken as it is") {
    PodLine pod =
        read({"example.com/a", "--", "--exec=x", "--", "-v", "---", "example.com/b", "--exec=/y", "--", "z"});
    REQUIRE(pod.apps().size() == 2);
    CHECK(pod.apps()[0].options.arguments == std::vector<std::string>{"--exec=x", "--", "-v"});
    CHECK_FALSE(pod.apps()[0].options.exec);
    CHECK(pod.apps()[1].options.exec == "/y");
    CHECK(pod.apps()[1].options.arguments == std::vector<std::string>{"z"});
}

TEST_CASE("--- outside an argument list is passed over") {
    CHECK(read({"example.com/a", "---", "example.com/b"}).apps().size() == 2);
}

TEST_CASE("what needs an image and has none is refused") {
    CHECK_THROWS_AS(read({"--exec=/x", "example.com/a"}), UsageError);
    CHECK_THROWS_AS(read({"--", "x"}), UsageError);
    CHECK_THROWS_AS(read({}), UsageError);
    CHECK_THROWS_AS(read({"example.com/a", "--exec=/x", "--exec=/y"}), UsageError);
    CHECK_THROWS_AS(read({"example.com/a", "--", "x", "---", "--", "y"}), UsageError);
}

TEST_CASE("flags of an app belong to the image before them") {
    PodLine pod =
        read({"example.com/a", "--user=1", "--memory=1Gi", "--readonly-rootfs=true", "example.com/b",
              "--environment=A=b", "--restart=always", "--mount=volume=v,target=/x/../data/"});
    const AppOptions& first = pod.apps()[0].options;
    const AppOptions& second = pod.apps()[1].options;
    CHECK(first.user == "1");
    CHECK(first.isolators.at(0).name == "resource/memory");
    CHECK(first.read_only_rootfs);
    CHECK_FALSE(second.read_only_rootfs);
    CHECK(second.environment.at(0).value == "b");
    CHECK(second.annotations.at(0).value == "always");
    CHECK(second.mounts.at(0).path == "/data");
}

TEST_CASE("flags of the pod stand anywhere") {
    PodLine pod =
        read({"--volume=v,kind=empty", "--mount=volume=v,target=/v", "example.com/a", "--port=http:8080",
              "--set-env=A=b", "--exit-policy=until-all", "--port=https:127.0.0.1:8443"});
    PodOptions options = pod.pod_options();
    CHECK(options.volumes.size() == 1);
    CHECK(options.mounts.size() == 1);
    CHECK(options.ports.at(0).host_port == 8080);
    CHECK(options.ports.at(1).host_ip == "127.0.0.1");
    CHECK(options.environment.at(0).value == "b");
    CHECK(options.annotations.at(0).value == "until-all");
}

TEST_CASE("values of flags that make no sense are refused") {
    for (const char* bad :
         {"--readonly-rootfs=maybe", "--supplementary-gids=1,x", "--environment=A", "--memory=16m", "--cpu=x",
          "--restart=sometimes", "--mount=volume=v", "--mount=target=/x", "--mount=volume=v,target=x",
          "--port=http", "--port=http:0", "--port=http:65536", "--volume=v,kind=disk", "--exit-policy=never",
          "--user-label=x", "--caps-retain=CAP_KILL --caps-remove=CAP_KILL", "--set-env=A=1 --set-env=A=2",
          "--pod-manifest=x"}) {
        CAPTURE(bad);
        std::vector<std::string> words = {"example.com/a"};
        std::string text = bad;
        auto blank = text.find(' ');
        words.push_back(text.substr(0, blank));
        if (blank != std::string::npos)
            words.push_back(text.substr(blank + 1));
        CHECK_THROWS_AS(read(words), Error);
    }
}
