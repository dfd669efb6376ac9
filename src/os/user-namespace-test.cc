// SPDX-License-Identifier: Apache-2.0

#include "os/user-namespace.h"

#include "base/error.h"
#include "os/file.h"

#include <doctest/doctest.h>

#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace rkt;

namespace {

constexpr const char* limit = "/proc/sys/user/max_user_namespaces";

// In a user namespace of its own, whose limit is no other's: 0 if there are none for good, 1 if there might
// be another time, and 2 if none can be made at all.
int ask_with_limit(const char* most, bool use_up) {
    uid_t user = ::geteuid();
    gid_t group = ::getegid();
    pid_t child = ::fork();
    if (child == 0) {
        try {
            if (::unshare(CLONE_NEWUSER) < 0)
                ::_exit(2);
            write_plainly("/proc/self/setgroups", "deny");
            write_plainly("/proc/self/uid_map", fmt::format("0 {} 1", user));
            write_plainly("/proc/self/gid_map", fmt::format("0 {} 1", group));
            write_plainly(limit, most);
            if (use_up && ::unshare(CLONE_NEWUSER) < 0)
                ::_exit(2);
            static_cast<void>(make_user_namespace({0, 1}));
        } catch (const NoUserNamespaces&) {
            ::_exit(0);
        } catch (const Error&) {
            ::_exit(1);
        }
        ::_exit(3);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

} // namespace

TEST_CASE("a range is SHIFT:COUNT") {
    CHECK(UserRange::parse("524288:65536") == UserRange{524288, 65536});
    CHECK(UserRange{524288, 65536}.str() == "524288:65536");
    for (const char* bad : {"", "1", "1:", ":1", "1:0", "a:1", "4294967295:2", "1:2:3"}) {
        CAPTURE(bad);
        CHECK_THROWS_AS(UserRange::parse(bad), Error);
    }
}

TEST_CASE("ranges overlap when they have a user in common") {
    UserRange range = {100, 10};
    CHECK(range.overlaps({109, 1}));
    CHECK(range.overlaps({0, 101}));
    CHECK_FALSE(range.overlaps({110, 1}));
    CHECK_FALSE(range.overlaps({0, 100}));
}

TEST_CASE("a host that is to have no user namespaces has none; one that has used up all may have another") {
    if (ask_with_limit("0", false) == 2)
        return; // nor has this one
    CHECK(ask_with_limit("0", false) == 0);
    CHECK(ask_with_limit("1", true) == 1);
}
