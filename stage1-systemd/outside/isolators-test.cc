// SPDX-License-Identifier: Apache-2.0

#include "stage1-systemd/outside/isolators.h"

#include "appc/isolator-words.h"
#include "base/error.h"

#include <doctest/doctest.h>

using namespace rkt;

namespace {

const HostAbilities able = {.controllers = {"cpu", "io", "memory"},
                            .selinux = true,
                            .profiles = {{"web-profile"}},
                            .block_devices = {"8:0", "8:16"}};

Isolator isolator(std::string_view name, std::string_view value) {
    return {.name = AcIdentifier::parse(name), .value = Json::parse(value)};
}

// "KEY=VALUE KEY=VALUE", and the outcome of the first.
std::string settings(const Isolation& isolation) {
    std::string text;
    for (const auto& [key, value] : isolation.settings)
        text += (text.empty() ? "" : " ") + key + "=" + value;
    return text;
}

std::string of_app(const Isolator& one, const HostAbilities& host = able) {
    Isolation isolation = isolate_app({one}, {}, host);
    return fmt::format("{}: {}", str(isolation.verdicts.at(0).outcome), settings(isolation));
}

} // namespace

TEST_CASE("isolators of an app become systemd's settings") {
    struct Row {
        const char *name, *value, *made;
    };
    for (const Row& row : {
             Row{"resource/memory", R"({"request": "16Mi", "limit": "1Gi"})",
                 "enforced: MemoryMax=1073741824 MemoryLow=16777216"},
             Row{"resource/cpu", R"({"limit": "500m"})", "enforced: CPUQuota=50%"},
             Row{"resource/cpu", R"({"limit": "1m"})", "changed: CPUQuota=1%"},
             Row{"resource/cpu", R"({"request": "2"})", "enforced: CPUWeight=200"},
             Row{"os/linux/cpu-shares", "1024", "enforced: CPUWeight=39"},
             Row{"os/linux/oom-score-adj", "-100", "enforced: OOMScoreAdjust=-100"},
             Row{"resource/block-bandwidth", R"({"default": true, "limit": "1M"})",
                 "enforced: IOReadBandwidthMax=/dev/block/8:0 1000000 IOWriteBandwidthMax=/dev/block/8:0 "
                 "1000000 "
                 "IOReadBandwidthMax=/dev/block/8:16 1000000 IOWriteBandwidthMax=/dev/block/8:16 1000000"},
             Row{"os/linux/selinux-context", R"({"user": "u", "role": "r", "type": "t", "level": "s0:c1"})",
                 "enforced: SELinuxContext=u:r:t:s0:c1"},
             Row{"os/linux/apparmor-profile", R"({"profile": "web-profile"})",
                 "enforced: AppArmorProfile=web-profile"},
             Row{"os/linux/no-new-privileges", "true", "enforced: "},
             Row{"resource/network-bandwidth", R"({"default": true, "limit": "1M"})", "ignored: "},
             Row{"os/unix/sysctl", R"({"a": "b"})", "ignored: "},
             Row{"example.com/unknown", "1", "ignored: "},
         }) {
        CAPTURE(row.name);
        CHECK(of_app(isolator(row.name, row.value)) == row.made);
    }
}

TEST_CASE("ACE-62: what is done in another way is told as changed") {
    std::vector<Isolator> no = {isolator("os/linux/no-new-privileges", "false")};
    CHECK(isolate_app(no, {}, able, true).verdicts.at(0).outcome == Outcome::Enforced);
    Isolation changed = isolate_app(no, {}, able, false);
    CHECK(changed.verdicts.at(0).outcome == Outcome::Changed);
    CHECK(changed.verdicts.at(0).reason == "an app that is not root never becomes more than it is");
    CHECK(isolate_app({isolator("resource/cpu", R"({"limit": "15m"})")}, {}, able).verdicts.at(0).reason ==
          "the limit is 2 % of a core");
}

TEST_CASE("ACE-62: what this host cannot do is ignored, and told") {
    const HostAbilities unable = {};
    for (const char* limits : {"resource/memory", "resource/cpu"})
        CHECK(of_app(isolator(limits, R"({"limit": "1"})"), unable) == "ignored: ");
    CHECK(of_app(isolator("os/linux/selinux-context",
                          R"({"user": "u", "role": "r", "type": "t", "level": "s"})"),
                 unable) == "ignored: ");
    Isolation told = isolate_app({memory_isolator("1Gi")}, {}, unable);
    CHECK(told.verdicts.at(0).reason == "this pod's cgroup has no memory controller");
}

TEST_CASE("ISO-7: a profile that is not loaded is refused where there is AppArmor") {
    CHECK_THROWS_AS(of_app(isolator("os/linux/apparmor-profile", R"({"profile": "other"})")), Error);
}

TEST_CASE("ISO-6, ISO-7: an app without a label has the pod's") {
    std::vector<Isolator> pod = {isolator("os/linux/apparmor-profile", R"({"profile": "web-profile"})")};
    CHECK(settings(isolate_app({}, pod, able)) == "AppArmorProfile=web-profile");
    CHECK(isolate_app({}, pod, able).verdicts.empty());
}

TEST_CASE("ACE-60, ISO-18: limits of the pod bound all apps; of two the last counts") {
    Isolation pod = isolate_pod({memory_isolator("1Gi"), memory_isolator("2Gi")}, able);
    CHECK(settings(pod) == "MemoryMax=2147483648");
    CHECK(pod.verdicts.at(0).outcome == Outcome::Ignored);
    CHECK(pod.verdicts.at(1).outcome == Outcome::Enforced);
}

TEST_CASE("ISO-21: shares divide as they did") {
    CHECK(weight_of_shares(2) == 1);
    CHECK(weight_of_shares(1024) == 39);
    CHECK(weight_of_shares(262144) == 10000);
}
