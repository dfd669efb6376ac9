// SPDX-License-Identifier: Apache-2.0

#include "stage1-systemd/outside/call-sets.h"

#include "appc/isolator-words.h"
#include "base/error.h"

#include <doctest/doctest.h>

#include <cerrno>

using namespace rkt;

namespace {

const CallSets sets = parse_call_sets("@default\n"
                                      "    # what every process needs\n"
                                      "    exit\n"
                                      "    @small\n"
                                      "\n"
                                      "@small\n"
                                      "    brk\n"
                                      "@known\n"
                                      "    read\n"
                                      "    write\n"
                                      "    mount\n");

Seccomp read(const std::string& words) {
    return seccomp_of({seccomp_isolator(words)}, sets);
}

} // namespace

TEST_CASE("ISO-2, ISO-4: what is retained is that, and what a process cannot live without") {
    CallRules rules = *read("mode=retain,errno=EPERM,read,@systemd/default-whitelist").rules;
    CHECK(rules.allowed);
    CHECK(rules.error == EPERM);
    for (const char* call : {"read", "exit", "brk", "execve", "exit_group"})
        CHECK(rules.calls.contains(call));
    CHECK_FALSE(rules.calls.contains("write"));
}

TEST_CASE("ISO-1: what is removed is that, and kills without an errno") {
    CallRules rules = *read("mode=remove,chmod,@systemd/small").rules;
    CHECK_FALSE(rules.allowed);
    CHECK_FALSE(rules.error);
    CHECK(rules.calls == std::set<std::string>{"brk", "chmod"});
}

TEST_CASE("ISO-3: sets have the names that rkt gave them") {
    for (const char* set : {"@rkt", "@docker"}) {
        CHECK(read(fmt::format("mode=remove,{}/default-blacklist", set)).rules->calls.contains("mount"));
        CallRules white = *read(fmt::format("mode=retain,{}/default-whitelist", set)).rules;
        CHECK(white.calls.contains("read"));
        CHECK_FALSE(white.calls.contains("mount"));
    }
    CHECK(read("mode=retain,@appc.io/all,read").unfiltered);
    CHECK(read("mode=remove,@appc.io/empty,read").unfiltered);
    for (const char* bad : {"mode=retain,@no/such", "mode=remove,@systemd/no-such",
                            "mode=retain,@appc.io/empty", "mode=remove,@appc.io/all"}) {
        CAPTURE(bad);
        CHECK_THROWS_AS(read(bad), Error);
    }
}

TEST_CASE("an app without a seccomp isolator has no filter of its own") {
    CHECK_FALSE(seccomp_of({memory_isolator("1Gi")}, sets).rules);
}
