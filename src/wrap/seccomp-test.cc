// SPDX-License-Identifier: Apache-2.0

#include "wrap/seccomp.h"

#include <doctest/doctest.h>

#include <cerrno>
#include <csignal>
#include <string>

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace rkt;

namespace {

// Loads the filter in a child, which then calls getppid; gives how the child ended: the errno of the call,
// or 128 and the signal.
int under(const CallRules& rules) {
    std::string program = compile_filter(rules);
    pid_t child = ::fork();
    if (child == 0) {
        sock_fprog loaded = {static_cast<unsigned short>(program.size() / sizeof(sock_filter)),
                             reinterpret_cast<sock_filter*>(program.data())};
        // Nothing but what is tried: functions of the C library may call more than they are named after.
        ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
        if (::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &loaded) < 0)
            ::_exit(99);
        int code = ::syscall(SYS_getppid) < 0 ? errno : 0;
        ::syscall(SYS_exit_group, code);
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

} // namespace

TEST_CASE("ISO-1: calls that are removed answer the error, or kill") {
    CHECK(under({.calls = {"getppid"}, .error = EXDEV}) == EXDEV);
    CHECK(under({.calls = {"getppid"}}) == 128 + SIGSYS);
    CHECK(under({.calls = {"mount", "no_such_call"}}) == 0);
}

TEST_CASE("ISO-2: calls that are retained are the only ones") {
    CHECK(under({.calls = {"exit_group", "getppid"}, .allowed = true}) == 0);
    CHECK(under({.calls = {"exit_group"}, .allowed = true, .error = EPERM}) == EPERM);
    CHECK(under({.calls = {"exit_group"}, .allowed = true}) == 128 + SIGSYS);
}

TEST_CASE("ISO-5: errors have numbers") {
    CHECK(error_number("EPERM") == EPERM);
    CHECK(error_number("ENOTSUP") == ENOTSUP);
    CHECK_FALSE(error_number("EACCESS"));
}
