// SPDX-License-Identifier: Apache-2.0

#include "appc/isolator-words.h"

#include "base/error.h"

#include <doctest/doctest.h>

#include <string>

using namespace rkt;

TEST_CASE("ISO-12, ISO-13: limits are quantities") {
    CHECK(memory_isolator("16Mi").json().compact() ==
          R"({"name":"resource/memory","value":{"limit":"16Mi"}})");
    CHECK(cpu_isolator("500m").json().compact() == R"({"name":"resource/cpu","value":{"limit":"500m"}})");
    for (const char* bad : {"", "16m", "4095", "-1Gi", "much"}) {
        CAPTURE(bad);
        CHECK_THROWS_AS(memory_isolator(bad), Error);
    }
    CHECK_THROWS_AS(cpu_isolator("many"), Error);
}

TEST_CASE("ISO-20, ISO-21: shares and scores have bounds") {
    CHECK(cpu_shares_isolator("1024").value == Json(1024));
    CHECK(oom_score_isolator("-500").value == Json(-500));
    for (const char* bad : {"", "1", "262145", "x", "10 "})
        CHECK_THROWS_AS(cpu_shares_isolator(bad), Error);
    for (const char* bad : {"-1001", "1001", "1.5"})
        CHECK_THROWS_AS(oom_score_isolator(bad), Error);
}

TEST_CASE("ISO-8, ISO-9: capabilities are a list") {
    CHECK(retained_capabilities("CAP_KILL,CAP_CHOWN").value.at("set").strings() ==
          std::vector<std::string>{"CAP_KILL", "CAP_CHOWN"});
    CHECK(removed_capabilities("CAP_KILL").name == "os/linux/capabilities-remove-set");
    CHECK_THROWS_AS(retained_capabilities(""), Error);
}

TEST_CASE("ISO-1, ISO-2: a filter has a mode, perhaps an errno, and system calls") {
    Isolator retain = seccomp_isolator("mode=retain,errno=EPERM,@rkt/default-whitelist,mount");
    CHECK(retain.name == "os/linux/seccomp-retain-set");
    CHECK(retain.value.at("errno").string() == "EPERM");
    CHECK(retain.value.at("set").strings() == std::vector<std::string>{"@rkt/default-whitelist", "mount"});
    for (const char* bad :
         {"", "mount", "mode=keep,mount", "mode=retain", "mode=retain,errno=no,mount", "mode=retain,x=y"}) {
        CAPTURE(bad);
        CHECK_THROWS_AS(seccomp_isolator(bad), Error);
    }
}

TEST_CASE("a flag replaces what the image says of the same") {
    std::vector<Isolator> isolators = {removed_capabilities("CAP_KILL"), memory_isolator("1Gi"),
                                       memory_isolator("2Gi")};
    replace_isolator(isolators, retained_capabilities("CAP_CHOWN"));
    replace_isolator(isolators, memory_isolator("3Gi"));
    REQUIRE(isolators.size() == 2);
    CHECK(isolators[0].name == "os/linux/capabilities-retain-set");
    CHECK(isolators[1].value.at("limit").string() == "3Gi");
}
