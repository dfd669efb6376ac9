// SPDX-License-Identifier: Apache-2.0

#include "os/account.h"

#include <doctest/doctest.h>

using namespace rkt;

TEST_CASE("a group is found by its name, or is nothing") {
    CHECK(find_group("root") == gid_t{0});
    CHECK_FALSE(find_group("no-such-group"));
}

TEST_CASE("a user is found by its name, or is nothing") {
    std::optional<User> root = find_user("root");
    REQUIRE(root);
    CHECK(root->uid == 0);
    CHECK(root->gid == 0);
    CHECK_FALSE(find_user("no-such-user"));
}
