// SPDX-License-Identifier: Apache-2.0

#include "os/watches.h"

#include "os/temp-dir.h"

#include <doctest/doctest.h>

#include <fstream>
#include <thread>

#include <sys/inotify.h>
#include <unistd.h>

using namespace rkt;

TEST_CASE("a process's inotify descriptors are held, and lose their watches") {
    TempDir dir;
    Fd inotify(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
    REQUIRE(inotify);
    REQUIRE(::inotify_add_watch(inotify.get(), dir.path().c_str(), IN_CREATE) >= 0);

    std::vector<Fd> held = hold_watches(::getpid());
    CHECK_FALSE(held.empty());
    remove_watches(held);
    inotify_event event = {};
    CHECK(::read(inotify.get(), &event, sizeof event) == sizeof event);
    CHECK((event.mask & IN_IGNORED) != 0);
    std::ofstream(dir.path() / "file");
    CHECK(::read(inotify.get(), &event, sizeof event) < 0);
}

TEST_CASE(
    "of the descriptors that are held those that watch one directory are let go, without their watches") {
    TempDir one;
    TempDir other;
    Fd inotify(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
    Fd kept(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
    REQUIRE(::inotify_add_watch(inotify.get(), one.path().c_str(), IN_CREATE) >= 0);
    REQUIRE(::inotify_add_watch(kept.get(), other.path().c_str(), IN_CREATE) >= 0);
    std::vector<Fd> held;
    held.emplace_back(::dup(inotify.get()));
    held.emplace_back(::dup(kept.get()));

    release_watches(held, one.path());
    CHECK(held.size() == 1);
    inotify_event event = {};
    CHECK(::read(inotify.get(), &event, sizeof event) == sizeof event);
    CHECK((event.mask & IN_IGNORED) != 0);
    CHECK(::read(kept.get(), &event, sizeof event) < 0);
    release_watches(held, "/gone");
    CHECK(held.size() == 1);
}

TEST_CASE("who has ended has no watches") {
    CHECK(hold_watches(0x3fffffff).empty());
}

TEST_CASE("there is room for a few instances, and not for all") {
    CHECK(can_watch(1));
    CHECK_FALSE(can_watch(1 << 20));
}

TEST_CASE("a file is waited for until it is there, or for as long as asked") {
    TempDir dir;
    CHECK_FALSE(wait_for_file(dir.path() / "file", Fd(), std::chrono::milliseconds(0)));
    std::ofstream(dir.path() / "file");
    CHECK(wait_for_file(dir.path() / "file", Fd(), std::chrono::milliseconds(-1)));
    CHECK_FALSE(wait_for_file(dir.path() / "none" / "file", Fd(), std::chrono::milliseconds(-1)));
}

TEST_CASE("a file that cannot come any more is not waited for") {
    TempDir dir;
    std::filesystem::create_directory(dir.path() / "here");
    std::thread mover([&] { std::filesystem::rename(dir.path() / "here", dir.path() / "there"); });
    CHECK_FALSE(wait_for_file(dir.path() / "here" / "file", Fd(), std::chrono::milliseconds(-1)));
    mover.join();
    std::thread remover([&] { std::filesystem::remove(dir.path() / "there"); });
    CHECK_FALSE(wait_for_file(dir.path() / "there" / "file", Fd(), std::chrono::milliseconds(-1)));
    remover.join();
}
