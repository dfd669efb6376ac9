// SPDX-License-Identifier: Apache-2.0

#include "appc/isolator.h"

#include "appc/test-document.h"

#include <doctest/doctest.h>

using namespace rkt;

namespace {

std::string isolators(std::initializer_list<std::pair<std::string, std::string>> list) {
    std::string text;
    for (const auto& [name, value] : list)
        text += fmt::format(R"({}{{"name": "{}", "value": {}}})", text.empty() ? "" : ", ", name, value);
    return R"("isolators": [)" + text + "]";
}

struct Case {
    std::string name;
    std::string value;
    std::string told; // behind "app.isolators[0].value"
};

void check_values(const std::vector<Case>& cases) {
    for (const auto& row : cases) {
        CAPTURE(row.name);
        CAPTURE(row.value);
        std::string expected = row.told.empty() ? "" : "app.isolators[0].value" + row.told;
        CHECK(image_faults(image_with_app(isolators({{row.name, row.value}}))) == expected);
    }
}

void check_warnings(const std::vector<Case>& cases) {
    for (const auto& row : cases) {
        CAPTURE(row.name);
        CAPTURE(row.value);
        std::string expected = row.told.empty() ? "" : "app.isolators[0].value" + row.told;
        CHECK(image_warnings(image_with_app(isolators({{row.name, row.value}}))) == expected);
    }
}

const std::string remove_calls = "os/linux/seccomp-remove-set";
const std::string retain_calls = "os/linux/seccomp-retain-set";
const std::string remove_capabilities = "os/linux/capabilities-remove-set";
const std::string retain_capabilities = "os/linux/capabilities-retain-set";

} // namespace

TEST_CASE("AC-TYPE-9, L9: an isolator has a name and a value") {
    CHECK(image_faults(image_with_app(R"("isolators": [{"name": "a"}])")) ==
          "app.isolators[0].value: is missing");
    CHECK(image_faults(image_with_app(R"("isolators": [{"value": 1}])")) ==
          "app.isolators[0].name: is missing");
    CHECK(image_faults(image_with_app(R"("isolators": [{"name": "resource/cpu"}])")) ==
          "app.isolators[0].value: is missing");
    CHECK(image_faults(image_with_app(isolators({{"resource/cpu", "null"}}))) ==
          "app.isolators[0].value: is missing");
}

TEST_CASE("ISO-22, S1: an unknown isolator is kept as it is") {
    for (auto value : {"null", "1", "[{\"a\": 0.1}]", "\"x\""}) {
        std::string text = image_with_app(isolators({{"example.com/any", value}}));
        CAPTURE(text);
        CHECK(ImageManifest::parse(text).json() == Json::parse(text));
    }
    CHECK_FALSE(is_known_isolator("example.com/any"));
    CHECK(is_known_isolator("resource/cpu"));
}

TEST_CASE("ISO-1, ISO-2, ISO-5, L13: sets of system calls") {
    check_values({
        {remove_calls, R"({"set": ["@rkt/default-blacklist"], "errno": "EPERM"})", ""},
        {retain_calls, R"({"set": ["read", "write"], "errno": ""})", ""},
        {remove_calls, R"({"set": []})", ".set: is empty"},
        {remove_calls, R"({})", ".set: is missing"},
        {remove_calls, R"({"set": "read"})", ".set: a string where a list belongs"},
        {remove_calls, R"({"set": [""]})", ".set: has an empty entry"},
        {remove_calls, R"(["read"])", ": a list where an object belongs"},
        {retain_calls, R"({"set": ["read"], "errno": "eperm"})",
         ".errno: \"eperm\" is no name of an error such as EPERM"},
        {retain_calls, R"({"set": ["read"], "errno": 1})", ".errno: an integer where a string belongs"},
    });
    check_warnings({
        {remove_calls, R"({"set": ["reboot"], "errno": "EWOULDBLOCK"})", ""},
        {remove_calls, R"({"set": ["reboot"], "errno": "ENOTSUP"})", ""},
        {remove_calls, R"({"set": ["reboot"], "errno": "EACCESS"})",
         ".errno: \"EACCESS\" is unknown here, and ignored"},
        {remove_calls, R"({"set": ["reboot"], "errno": "E"})", ".errno: \"E\" is unknown here, and ignored"},
    });
}

TEST_CASE("ISO-6, S8: an SELinux context") {
    check_values({
        {"os/linux/selinux-context", R"({"user": "u", "role": "r", "type": "t", "level": "s0:c1"})", ""},
        {"os/linux/selinux-context", R"({"user": "u", "role": "r", "type": "t", "level": ""})",
         ".level: is empty"},
        {"os/linux/selinux-context", R"({"user": "u", "role": "r", "type": "t"})", ".level: is missing"},
        {"os/linux/selinux-context", R"({"user": "u:v", "role": "r", "type": "t", "level": "l"})",
         ".user: has a colon"},
    });
    for (std::string part : {"user", "role", "type", "level"})
        for (std::string text :
             {"a b", "%n", "a\\nExecStartPre=+/bin/x", "a\\\\", "\\u007f", "-a", "\u00fc"}) {
            std::string value = R"({"user": "u", "role": "r", "type": "t", "level": "l"})";
            std::size_t start = value.find("\"" + part + "\": \"") + part.size() + 5;
            value.replace(start, 1, text);
            check_values(
                {{"os/linux/selinux-context", value.c_str(),
                  "." + part + ": is made of letters, digits and _ . , : -, and does not begin with -"}});
        }
}

TEST_CASE("ISO-7: an AppArmor profile") {
    check_values({
        {"os/linux/apparmor-profile", R"({"profile": "p"})", ""},
        {"os/linux/apparmor-profile", R"({"profile": ""})", ".profile: is empty"},
        {"os/linux/apparmor-profile", R"({})", ".profile: is missing"},
    });
}

TEST_CASE("ISO-8, ISO-9, L10: sets of capabilities") {
    check_values({
        {retain_capabilities, R"({"set": ["CAP_KILL"]})", ""},
        {retain_capabilities, R"({"set": []})", ""},
        {remove_capabilities, R"({"set": [1]})", ".set[0]: an integer where a string belongs"},
        {remove_capabilities, R"({})", ".set: is missing"},
    });
    check_warnings({
        {retain_capabilities, R"({"set": ["CAP_SYS_ADMIN", "CAP_CHECKPOINT_RESTORE"]})", ""},
        {retain_capabilities, R"({"set": ["CAP_FLY"]})", ".set: \"CAP_FLY\" is unknown here, and ignored"},
        {retain_capabilities, R"({"set": ["cap_kill"]})", ".set: \"cap_kill\" is unknown here, and ignored"},
    });
}

TEST_CASE("ISO-11: no new privileges") {
    check_values({
        {"os/linux/no-new-privileges", "true", ""},
        {"os/linux/no-new-privileges", "false", ""},
        {"os/linux/no-new-privileges", "\"true\"", ": a string where true or false belongs"},
        {"os/linux/no-new-privileges", "null", ": is missing"},
    });
}

TEST_CASE("ISO-12, ISO-13, ISO-17, L12: cores and memory") {
    check_values({
        {"resource/cpu", R"({"request": "250m", "limit": "500m"})", ""},
        {"resource/memory", R"({"limit": "1.5Gi"})", ""},
        {"resource/cpu", R"({"limit": "-1"})", ".limit: -1 is negative"},
        {"resource/cpu", R"({"limit": "many"})",
         ".limit: \"many\" is no quantity such as 2, 0.5, 500m, 64Mi or 1e3"},
        {"resource/cpu", R"({"limit": true})", ".limit: true or false where a quantity belongs"},
        {"resource/memory", R"("1G")", ": a string where an object belongs"},
    });
    check_warnings({
        {"resource/cpu", R"({"request": "1", "limit": "1000m"})", ""},
        {"resource/cpu", "{}", ".limit: is missing, and so is a request: the isolator does nothing"},
        {"resource/memory", R"({"request": "1G", "limit": "1M"})", ".request: 1G is more than the limit 1M"},
        {"resource/memory", R"({"limit": 1000})", ".limit: should be the string \"1000\""},
        {"resource/cpu", R"({"limit": 0.5})", ".limit: should be the string \"0.5\""},
        {"resource/cpu", R"({"limit": " 1 "})", ".limit: should be the string \"1\""},
    });
}

TEST_CASE("ISO-17: the quantities of an isolator") {
    auto image = ImageManifest::parse(image_with_app(isolators({{"resource/cpu", R"({"limit": 0.5})"}})));
    const Isolator* cpu = find_isolator(image.app->isolators, "resource/cpu");
    REQUIRE(cpu != nullptr);
    CHECK(find_quantity(*cpu, "limit")->thousandths() == 500);
    CHECK_FALSE(find_quantity(*cpu, "request"));
}

TEST_CASE("ISO-14 to ISO-16: throughput") {
    for (std::string name :
         {"resource/block-bandwidth", "resource/block-iops", "resource/network-bandwidth"}) {
        check_values({
            {name, R"({"default": true, "limit": "1M"})", ""},
            {name, R"({"limit": "1M"})", ".default: is missing"},
            {name, R"({"default": false, "limit": "1M"})", ".default: must be true"},
            {name, R"({"default": true, "limit": "1M", "request": "1M"})",
             ".request: has no meaning for this isolator"},
            {name, R"({"default": true, "limit": "-1"})", ".limit: -1 is negative"},
        });
        check_warnings({{name, R"({"default": true})", ".limit: is missing: the isolator does nothing"}});
    }
}

TEST_CASE("ISO-18: of several of one resource the last counts") {
    std::string text = image_with_app(
        isolators({{"resource/cpu", R"({"limit": "1"})"}, {"resource/cpu", R"({"limit": "2"})"}}));
    CHECK(image_warnings(text) == "app.isolators: \"resource/cpu\" is there 2 times: the last counts");
    auto app = ImageManifest::parse(text).app;
    CHECK(find_quantity(*find_isolator(app->isolators, "resource/cpu"), "limit")->whole() == 2);
    CHECK(find_isolator(app->isolators, "resource/memory") == nullptr);
}

TEST_CASE("ISO-19: kernel parameters of a pod are strings") {
    CHECK(pod_faults(pod_with(isolators({{"os/unix/sysctl", R"({"net.core.somaxconn": "1"})"}}))).empty());
    CHECK(pod_faults(pod_with(isolators({{"os/unix/sysctl", R"({"net.core.somaxconn": 1})"}}))) ==
          "isolators[0].value.net.core.somaxconn: an integer where a string belongs");
    CHECK(pod_faults(pod_with(isolators({{"os/unix/sysctl", "[]"}}))) ==
          "isolators[0].value: a list where an object belongs");
}

TEST_CASE("ISO-20, ISO-21: numbers within their range") {
    check_values({
        {"os/linux/oom-score-adj", "-1000", ""},
        {"os/linux/oom-score-adj", "1000", ""},
        {"os/linux/oom-score-adj", "-1001", ": is no integer between -1000 and 1000"},
        {"os/linux/oom-score-adj", "1001", ": is no integer between -1000 and 1000"},
        {"os/linux/oom-score-adj", "1.0", ": is no integer between -1000 and 1000"},
        {"os/linux/oom-score-adj", "\"1\"", ": is no integer between -1000 and 1000"},
        {"os/linux/oom-score-adj", "18446744073709551615", ": is no integer between -1000 and 1000"},
        {"os/linux/cpu-shares", "2", ""},
        {"os/linux/cpu-shares", "262144", ""},
        {"os/linux/cpu-shares", "1", ": is no integer between 2 and 262144"},
        {"os/linux/cpu-shares", "262145", ": is no integer between 2 and 262144"},
    });
}

TEST_CASE("L10, L11: isolators that exclude each other, in apps and in pods") {
    const std::string calls = R"({"set": ["read"]})";
    const std::string capabilities = R"({"set": ["CAP_KILL"]})";
    CHECK(image_faults(image_with_app(isolators({{remove_calls, calls}, {retain_calls, calls}}))) ==
          "app.isolators: os/linux/seccomp-remove-set and os/linux/seccomp-retain-set exclude each other");
    CHECK(image_faults(image_with_app(
              isolators({{retain_capabilities, capabilities}, {remove_capabilities, capabilities}}))) ==
          "app.isolators: os/linux/capabilities-remove-set and os/linux/capabilities-retain-set exclude each "
          "other");
    CHECK(image_faults(image_with_app(isolators({{remove_calls, calls}, {remove_calls, calls}}))) ==
          "app.isolators: \"os/linux/seccomp-remove-set\" is there twice");
    CHECK(pod_faults(pod_with(isolators({{"os/unix/sysctl", "{}"}, {"os/unix/sysctl", "{}"}}))) ==
          "isolators: \"os/unix/sysctl\" is there twice");
}

TEST_CASE("L11: an isolator in the wrong place is ignored, and told") {
    CHECK(image_warnings(image_with_app(isolators({{"os/unix/sysctl", "{}"}}))) ==
          "app.isolators[0].name: os/unix/sysctl is for pods, and ignored in an app");
    CHECK(pod_warnings(pod_with(isolators({{remove_calls, R"({"set": ["read"]})"}}))) ==
          "isolators[0].name: os/linux/seccomp-remove-set is for apps, and ignored in a pod");
    CHECK(pod_warnings(pod_with(isolators({{"resource/memory", R"({"limit": "1G"})"}}))).empty());
}
