// SPDX-License-Identifier: Apache-2.0

#include "stage1-systemd/outside/copied-filter.h"

#include "base/error.h"
#include "os/process.h"
#include "stage1-systemd/outside/process-facts.h"

#include <doctest/doctest.h>

#include <csignal>
#include <cstring>

#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <unistd.h>

using namespace rkt;

namespace {

FilterProgram answer(std::uint32_t action) {
    return {.code = {BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0), BPF_STMT(BPF_RET | BPF_K, action)}, .flags = 0};
}

// Sleeps under the filters.
Child sleeper(const std::vector<FilterProgram>& filters) {
    return Child::spawn({.program = "sleep", .arguments = {"100"}, .become = [&]() -> const char* {
                             ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
                             return load(filters) ? nullptr : "loading";
                         }});
}

} // namespace

TEST_CASE("filters are read as they were loaded, and in that order, and the process goes on") {
    if (::geteuid() != 0)
        return; // the kernel tells root alone
    std::vector<FilterProgram> loaded = {answer(SECCOMP_RET_ALLOW), answer(SECCOMP_RET_LOG)};
    Child child = sleeper(loaded);
    std::vector<FilterProgram> seen = filters_of(child.pid());
    REQUIRE(seen.size() == 2);
    for (std::size_t i = 0; i < seen.size(); ++i) {
        REQUIRE(seen[i].code.size() == loaded[i].code.size());
        CHECK(std::memcmp(seen[i].code.data(), loaded[i].code.data(), sizeof(sock_filter) * 2) == 0);
    }
    CHECK(filter_count(read_of(child.pid(), "status")) == 2);
    CHECK(read_of(child.pid(), "status").find("TracerPid:\t0\n") != std::string::npos);
    child.kill(SIGTERM);
    CHECK(child.wait() == 128 + SIGTERM);
}

TEST_CASE("a process without filters has none, and one that is gone is an error") {
    if (::geteuid() != 0)
        return;
    Child child = Child::spawn({.program = "sleep", .arguments = {"100"}});
    CHECK(filters_of(child.pid()).empty());
    child.kill(SIGKILL);
    child.wait();
    CHECK_THROWS_AS(filters_of(child.pid()), Error);
}
