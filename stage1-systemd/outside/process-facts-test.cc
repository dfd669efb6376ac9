// SPDX-License-Identifier: Apache-2.0

#include "stage1-systemd/outside/process-facts.h"

#include "base/error.h"
#include "os/file.h"
#include "os/process.h"
#include "os/temp-dir.h"

#include <doctest/doctest.h>

#include <csignal>

#include <unistd.h>

using namespace rkt;

namespace {

const std::string status =
    "Name:\tsh\nUid:\t1234\t1234\t1234\t1234\nGid:\t1235\t1235\t1235\t1235\n"
    "Groups:\t7 50 \nNSpid:\t812\t7\nCapInh:\t0000000000000400\nCapBnd:\t00000000a80425fb\n"
    "CapAmb:\t0000000000000401\nNoNewPrivs:\t1\nUmask:\t0027\nSeccomp_filters:\t4\n";

} // namespace

TEST_CASE("a process's status says who it is and what it may do") {
    Credentials credentials = parse_credentials(status);
    CHECK(credentials.uid == 1234);
    CHECK(credentials.gid == 1235);
    CHECK(credentials.supplementary == std::vector<gid_t>{7, 50});
    CHECK(credentials.bounding == 0xa80425fb);
    CHECK(credentials.inheritable == 0x400);
    CHECK(credentials.ambient == 0x401);
    CHECK(credentials.no_new_privileges);
    CHECK(credentials.umask == 027);
    CHECK(filter_count(status) == 4);
}

TEST_CASE("a process's own status can be read") {
    Credentials credentials = parse_credentials(read_of(::getpid(), "status"));
    CHECK(credentials.uid == ::getuid());
    CHECK(credentials.gid == ::getgid());
    CHECK(parent_of(::getpid()) == ::getppid());
}

TEST_CASE("a copy of its starter is not the program it will be") {
    Child copy = Child::fork([] { ::pause(); });
    Fd process = open_pidfd(copy.pid());
    CHECK_FALSE(await_program(process, copy.pid(), ::getpid(), std::chrono::milliseconds(10)));
    copy.kill(SIGKILL);
    CHECK_FALSE(await_program(process, copy.pid(), ::getpid(), std::chrono::hours(1)));
    copy.wait();
    Child program = Child::spawn({.program = "sleep", .arguments = {"1000"}});
    CHECK(await_program(open_pidfd(program.pid()), program.pid(), ::getpid(), std::chrono::hours(1)));
    program.kill(SIGKILL);
    program.wait();
}

TEST_CASE("a status without what is asked for is an error, not a guess") {
    CHECK_THROWS_WITH_AS(parse_credentials("Name:\tsh\n"), "reading a process's status: there is no Uid",
                         Error);
    std::string without = status;
    without.replace(without.find("a80425fb"), 8, "something");
    CHECK_THROWS_AS(parse_credentials(without), Error);
}

TEST_CASE("a process's limits are those that it would be told") {
    Limits limits = parse_limits(read_of(::getpid(), "limits"));
    for (unsigned i = 0; i < limits.size(); ++i) {
        CAPTURE(i);
        rlimit own = {};
        REQUIRE(::getrlimit(static_cast<__rlimit_resource>(i), &own) == 0);
        CHECK(limits.at(i).rlim_cur == own.rlim_cur);
        CHECK(limits.at(i).rlim_max == own.rlim_max);
    }
    CHECK_THROWS_AS(parse_limits("Limit\n"), Error);
}

TEST_CASE("a user of ours has another number in a user namespace, or none") {
    CHECK(id_within(1234, "         0          0 4294967295\n") == 1234);
    CHECK(id_within(101234, "0 100000 65536\n") == 1234);
    CHECK(id_within(7, "0 100000 10\n500 7 1\n") == 500);
    CHECK(id_without(1234, "0 100000 65536\n") == 101234);
    CHECK_THROWS_AS((void)id_without(65536, "0 100000 65536\n"), Error);
    CHECK_THROWS_AS((void)id_within(7, "0 100000 65536\n"), Error);
    CHECK_THROWS_AS((void)id_within(165536, "0 100000 65536\n"), Error);
    CHECK_THROWS_AS((void)id_within(0, ""), Error);
}

TEST_CASE("strings end in a NUL each") {
    using namespace std::string_view_literals;
    CHECK(parse_strings("").empty());
    CHECK(parse_strings("A=1\0B=\0"sv) == std::vector<std::string>{"A=1", "B="});
    CHECK(parse_strings("a\0\0b\0"sv) == std::vector<std::string>{"a", "", "b"});
}

TEST_CASE("a number that is recorded for a pod counts only if it is that pod's nspawn") {
    TempDir dir;
    PodLayout layout{dir.path()};
    Uuid uuid = Uuid::parse("11111111-2222-4333-8444-555555555555");
    CHECK_FALSE(find_nspawn(layout, uuid));
    for (const std::string& text :
         {std::to_string(::getpid()), std::string("0"), std::string("x"), std::string("")}) {
        write_plainly(layout.ppid(), text + "\n");
        CHECK_FALSE(find_nspawn(layout, uuid));
    }
}
