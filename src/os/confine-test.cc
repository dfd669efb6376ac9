// SPDX-License-Identifier: Apache-2.0

#include "os/confine.h"

#include "base/error.h"
#include "base/log.h"
#include "os/file.h"
#include "os/temp-dir.h"

#include <doctest/doctest.h>

#include <cerrno>
#include <functional>
#include <thread>

#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace rkt;

namespace {

// Runs it in a process of its own, since there is no way back. Gives what it gave, 255 for what it threw.
int in_child(const std::function<int()>& body) {
    pid_t pid = ::fork();
    REQUIRE(pid >= 0);
    if (pid == 0) {
        try {
            ::_exit(body());
        } catch (const std::exception& error) {
            note("in the child: {}", error.what());
            ::_exit(255);
        }
    }
    int status = 0;
    REQUIRE(::waitpid(pid, &status, 0) == pid);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

bool is_root() {
    if (::geteuid() != 0)
        MESSAGE("skipped: confining takes root");
    return ::geteuid() == 0;
}

} // namespace

TEST_CASE("who is confined can do what unpacking takes") {
    if (!is_root())
        return;
    TempDir dir;
    int status = in_child([&] {
        Dir root = confine(Dir::open(dir.path()), ::getppid());
        root.make_dir("dir", 0700);
        Fd fd = root.open_plain("dir").make_file("file", 0600);
        write_fully(fd.get(), "x", "file");
        int faults = 0;
        faults += ::fchown(fd.get(), 1234, 1234) != 0;
        faults += ::fchmod(fd.get(), 04755) != 0;
        std::thread([&] { write_fully(fd.get(), "y", "file"); }).join();
        return faults;
    });
    CHECK(status == 0);
    CHECK(read_file(dir.path() / "dir/file") == "xy");
    CHECK((std::filesystem::status(dir.path() / "dir/file").permissions() &
           std::filesystem::perms::set_uid) != std::filesystem::perms::none);
}

TEST_CASE("who is confined sees nothing but the directory") {
    if (!is_root())
        return;
    TempDir dir;
    write_atomically(dir.path() / "mine", "x");
    CHECK(in_child([&] {
              Dir root = confine(Dir::open(dir.path()), ::getppid());
              bool sees_all =
                  ::access("/usr", F_OK) == 0 || Dir::find("/..").value().status("usr").has_value();
              return !sees_all && root.status("mine") ? 0 : 1;
          }) == 0);
}

TEST_CASE("who is confined has no other power") {
    if (!is_root())
        return;
    TempDir dir;
    auto refused = [&](const std::function<long()>& call) {
        return in_child([&] {
            (void)confine(Dir::open(dir.path()), ::getppid());
            return call() < 0 && (errno == EPERM || errno == ENOSYS) ? 0 : 1;
        });
    };
    CHECK(refused([] { return ::syscall(SYS_mknodat, AT_FDCWD, "device", S_IFCHR | 0600, 0x103); }) == 0);
    CHECK(refused([] { return ::socket(AF_UNIX, SOCK_STREAM, 0); }) == 0);
    CHECK(refused([] { return ::syscall(SYS_mount, "x", "/", "tmpfs", 0, nullptr); }) == 0);
    CHECK(refused([] { return ::syscall(SYS_execve, "/mine", nullptr, nullptr); }) == 0);
    CHECK(refused([] { return ::syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0); }) == 0);
    CHECK(refused([] { return ::syscall(SYS_kill, 1, 0); }) == 0);
    CHECK(refused([] { return ::syscall(SYS_unshare, 0); }) == 0);
}

TEST_CASE("a parent that is gone is noticed") {
    if (!is_root())
        return;
    TempDir dir;
    CHECK(in_child([&] {
              (void)confine(Dir::open(dir.path()), ::getpid());
              return 0;
          }) == 255);
}

TEST_CASE("who only reads is nobody, and may write to one directory alone") {
    if (!is_root())
        return;
    TempDir dir;
    int status = in_child([&] {
        if (confine_reader(Dir::open(dir.path())) != "/run")
            return 1;
        write_plainly("/run/file", "x");
        if (::open("/tmp", O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600) >= 0)
            return 2;
        if (::getuid() != reader_id || ::getegid() != reader_id || ::getgroups(0, nullptr) != 0)
            return 3;
        return ::setuid(0) == 0 || ::unshare(CLONE_NEWNET) == 0 ? 4 : 0;
    });
    CHECK(status == 0);
    CHECK(read_file(dir.path() / "file") == "x");
}
