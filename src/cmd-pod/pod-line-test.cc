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
    CHECK(pod.apps()[0].name == "first");
    CHECK_FALSE(pod.apps()[1].name);
}

TEST_CASE("an argument list goes to --- or to the end, and is taken as it is") {
    PodLine pod =
        read({"example.com/a", "--", "--exec=x", "--", "-v", "---", "example.com/b", "--exec=/y", "--", "z"});
    REQUIRE(pod.apps().size() == 2);
    CHECK(pod.apps()[0].arguments == std::vector<std::string>{"--exec=x", "--", "-v"});
    CHECK_FALSE(pod.apps()[0].exec);
    CHECK(pod.apps()[1].exec == "/y");
    CHECK(pod.apps()[1].arguments == std::vector<std::string>{"z"});
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
