// SPDX-License-Identifier: Apache-2.0

#include "cmd-pod/launch-flags.h"

#include "base/error.h"

#include <doctest/doctest.h>

using namespace rkt;

namespace {

LaunchFlags read_flags(const std::vector<std::string>& words) {
    LaunchFlags flags;
    CommandLine line("rkt run", "");
    flags.declare(line);
    line.parse(words);
    return flags;
}

// Of a pod that was made with some flags and is run with others.
LaunchOptions later(const std::vector<std::string>& made, const std::vector<std::string>& run) {
    LaunchFlags flags = read_flags(run);
    flags.take_earlier(read_flags(made).text());
    return flags.options({});
}

} // namespace

TEST_CASE("where nothing is said nothing is written, and everything is usual") {
    CHECK(read_flags({}).text().empty());
    LaunchOptions options = later({}, {});
    CHECK(options.network.word == "default");
    CHECK(options.names == NamesPlan());
    CHECK(options.private_users == PrivateUsers::Auto);
    CHECK_FALSE(options.hostname);
    CHECK_FALSE(options.metadata);
    CHECK_FALSE(options.strict_isolators);
}

TEST_CASE("what was said when a pod was made counts when it is run") {
    LaunchOptions options =
        later({"--net=none", "--hostname=box", "--dns=10.0.0.1", "--dns=10.0.0.2", "--dns-search=a.example",
               "--dns-opt=rotate", "--dns-domain=example", "--hosts-entry=10.0.0.3=c", "--private-users=no",
               "--mds-register=false", "--strict-isolators"},
              {});
    CHECK(options.network.kind == NetworkPlan::Kind::None);
    CHECK(options.hostname == "box");
    CHECK(options.names.asked.nameservers == std::vector<std::string>{"10.0.0.1", "10.0.0.2"});
    CHECK(options.names.asked.search == std::vector<std::string>{"a.example"});
    CHECK(options.names.asked.options == std::vector<std::string>{"rotate"});
    CHECK(options.names.asked.domain == "example");
    CHECK(options.names.entries == std::vector<HostsEntry>{{"10.0.0.3", "c"}});
    CHECK(options.private_users == PrivateUsers::No);
    CHECK(options.metadata == false);
    CHECK(options.strict_isolators);
}

TEST_CASE("a flag that is given when the pod is run takes the place of that flag, and of no other") {
    std::vector<std::string> made = {"--net=host", "--dns=10.0.0.1", "--dns-search=a.example",
                                     "--mds-register", "--strict-isolators"};
    LaunchOptions options =
        later(made, {"--net", "--dns=10.0.0.9", "--mds-register=no", "--strict-isolators=false"});
    CHECK(options.network.word == "default");
    CHECK(options.names.asked.nameservers == std::vector<std::string>{"10.0.0.9"});
    CHECK(options.names.asked.search == std::vector<std::string>{"a.example"});
    CHECK(options.metadata == false);
    CHECK_FALSE(options.strict_isolators);
}

TEST_CASE("checks that are turned off are written only if they are to count later") {
    Globals globals = {.insecure = {"image", "seccomp"}};
    LaunchFlags flags;
    CHECK(flags.options(globals).insecure.contains("seccomp"));
    CHECK(flags.text().empty());
    flags.take_insecure(globals);
    CHECK(flags.text() == "{\"--insecure-options\":[\"seccomp\"]}\n");
    LaunchFlags run;
    run.take_earlier(flags.text());
    CHECK(run.options({}).insecure == std::set<std::string, std::less<>>{"seccomp"});
}

TEST_CASE("what a flag cannot be is refused, of several the last word counts") {
    for (const char* word :
         {"--net=a:b:c", "--hostname=-", "--dns=nobody", "--hosts-entry=1.2.3.4", "--private-users=perhaps",
          "--mds-register=perhaps", "--strict-isolators=perhaps"})
        CHECK_THROWS_AS(read_flags({word}).options({}), UsageError);
    CHECK_THROWS_AS(read_flags({"--dns=host", "--dns-search=a.example"}).options({}), UsageError);
    CHECK_THROWS_AS(later({"--dns=host"}, {"--dns-search=a.example"}), UsageError);
    CHECK_THROWS_AS(read_flags({"--net=nowhere-at-all"}).options({}), Error);
    CHECK(read_flags({"--net=host", "--net=none"}).options({}).network.word == "none");
    LaunchFlags flags;
    CHECK_THROWS_AS(flags.take_earlier("{\"--net\": 1}"), Error);
}
