// SPDX-License-Identifier: Apache-2.0

#include "stage1-systemd/outside/capabilities.h"

#include "base/error.h"

#include <doctest/doctest.h>

using namespace rkt;

namespace {

Isolator isolator(const char* name, const char* value) {
    return {.name = AcIdentifier::parse(name), .value = Json::parse_object(value)};
}

constexpr const char* retain = "os/linux/capabilities-retain-set";
constexpr const char* remove_set = "os/linux/capabilities-remove-set";

} // namespace

TEST_CASE("ISO-10: an app has fourteen capabilities if nothing else is said") {
    CHECK(capabilities_of({}).size() == 14);
    CHECK(capabilities_of({}) == default_capabilities());
    CHECK_FALSE(default_capabilities().contains("CAP_SYS_ADMIN"));
}

TEST_CASE("ISO-8: what is removed is removed from the fourteen") {
    Capabilities left = capabilities_of({isolator(remove_set, R"({"set": ["CAP_MKNOD", "CAP_SYS_TIME"]})")});
    CHECK(left.size() == 13);
    CHECK_FALSE(left.contains("CAP_MKNOD"));
}

TEST_CASE("ISO-9: what is retained is all there is") {
    CHECK(capabilities_of({isolator(retain, R"({"set": []})")}).empty());
    CHECK(capabilities_of({isolator(retain, R"({"set": ["CAP_SYS_TIME"]})")}) ==
          Capabilities{"CAP_SYS_TIME"});
}

TEST_CASE("a capability that could be read as something else is refused") {
    for (const char* name : {"", "CAP_", "CHOWN", "CAP_A B", "cap_chown", "CAP_CHOWN\\nUser=0"}) {
        std::string value = R"({"set": [")" + std::string(name) + R"("]})";
        CHECK_THROWS_AS(capabilities_of({isolator(retain, value.c_str())}), Error);
    }
}

TEST_CASE("nspawn is asked only for what it does not give anyway") {
    CHECK(beyond_pod(default_capabilities()).empty());
    CHECK(beyond_pod({"CAP_SYS_ADMIN", "CAP_SYS_TIME", "CAP_NET_ADMIN"}) ==
          Capabilities{"CAP_NET_ADMIN", "CAP_SYS_TIME"});
}

TEST_CASE("ISO-11: who is not root never becomes more, and root if it is not asked not to") {
    const std::vector<Isolator> yes = {
        {.name = AcIdentifier::parse("os/linux/no-new-privileges"), .value = true}};
    const std::vector<Isolator> no = {
        {.name = AcIdentifier::parse("os/linux/no-new-privileges"), .value = false}};
    CHECK(no_new_privileges({}, false));
    CHECK(no_new_privileges(no, false));
    CHECK(no_new_privileges(yes, true));
    CHECK_FALSE(no_new_privileges({}, true));
    CHECK_FALSE(no_new_privileges(no, true));
}
