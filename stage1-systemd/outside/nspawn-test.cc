// SPDX-License-Identifier: Apache-2.0

#include "stage1-systemd/outside/nspawn.h"

#include <doctest/doctest.h>

#include <algorithm>

using namespace rkt;

namespace {

NspawnOptions options() {
    return {.uuid = Uuid::parse("11111111-2222-4333-8444-555555555555"),
            .machine = "rkt-web",
            .rootfs = "/pod/stage1/rootfs"};
}

bool has_word(const NspawnOptions& options, std::string_view word) {
    auto words = nspawn_words(options);
    return std::ranges::find(words, word) != words.end();
}

bool begins_word(const NspawnOptions& options, std::string_view start) {
    return std::ranges::any_of(nspawn_words(options),
                               [&](const std::string& word) { return word.starts_with(start); });
}

} // namespace

TEST_CASE("nspawn boots the pod's tree under the pod's name") {
    CHECK(nspawn_words(options()).front() == "systemd-nspawn");
    for (const char* word : {"--boot", "--keep-unit", "--register=no", "--settings=no", "--notify-ready=yes",
                             "--machine=rkt-web", "--uuid=11111111-2222-4333-8444-555555555555",
                             "--directory=/pod/stage1/rootfs"})
        CHECK(has_word(options(), word));
}

TEST_CASE("a pod has a network of its own unless it asks for the host's") {
    NspawnOptions asked = options();
    CHECK(has_word(asked, "--private-network"));
    asked.network = Network::Host;
    CHECK_FALSE(has_word(asked, "--private-network"));
    CHECK_FALSE(begins_word(asked, "--capability"));
    asked.network = Network::Joined;
    CHECK_FALSE(has_word(asked, "--private-network"));
    CHECK(has_word(asked, "--capability=CAP_NET_ADMIN,CAP_NET_BIND_SERVICE"));
}

TEST_CASE("what is not asked for is not said") {
    for (const char* word : {"--hostname", "--private-users", "--capability"})
        CHECK_FALSE(begins_word(options(), word));
    NspawnOptions asked = options();
    asked.hostname = "web";
    asked.private_users = "131072:65536";
    asked.capabilities = {"CAP_SYS_TIME", "CAP_NET_ADMIN"};
    CHECK(has_word(asked, "--hostname=web"));
    CHECK(has_word(asked, "--private-users=131072:65536"));
    CHECK(has_word(asked, "--private-users-ownership=off"));
    CHECK(has_word(asked, "--capability=CAP_NET_ADMIN,CAP_SYS_TIME"));
}

TEST_CASE("the start of the pod is shown for debugging only") {
    NspawnOptions asked = options();
    CHECK(has_word(asked, "systemd.show_status=no"));
    asked.debug = true;
    CHECK_FALSE(has_word(asked, "systemd.show_status=no"));
}
