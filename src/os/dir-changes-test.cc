// SPDX-License-Identifier: Apache-2.0

#include "os/dir-changes.h"

#include "base/error.h"
#include "os/temp-dir.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <vector>

#include <poll.h>
#include <unistd.h>

using namespace rkt;

namespace {

bool is_told(const DirChanges& changes) {
    pollfd polled = {.fd = changes.fd(), .events = POLLIN, .revents = 0};
    return ::poll(&polled, 1, 0) == 1;
}

} // namespace

TEST_CASE("what becomes of the files in a directory is told, once for all until it is taken") {
    struct Case {
        const char* what;
        std::function<void(const std::filesystem::path&)> change;
    };
    const std::vector<Case> table = {
        {"made", [](const auto& dir) { std::ofstream(dir / "new"); }},
        {"written", [](const auto& dir) { std::ofstream(dir / "old", std::ios::app) << "2"; }},
        {"given the size that it has, which is how journald tells",
         [](const auto& dir) { REQUIRE(::truncate((dir / "old").c_str(), 1) == 0); }},
        {"renamed", [](const auto& dir) { std::filesystem::rename(dir / "old", dir / "older"); }},
        {"removed", [](const auto& dir) { std::filesystem::remove(dir / "old"); }},
    };
    for (DirChanges::Means means : {DirChanges::Means::Any, DirChanges::Means::Inotify})
        for (const Case& row : table) {
            CAPTURE(row.what);
            TempDir dir;
            std::ofstream(dir.path() / "old") << "1";
            DirChanges changes(dir.path(), means);
            CHECK_FALSE(is_told(changes));
            row.change(dir.path());
            CHECK(is_told(changes));
            changes.take();
            CHECK_FALSE(is_told(changes));
            std::ofstream(dir.path() / "another") << "1"; // two changes
            CHECK(is_told(changes));
            changes.take();
            CHECK_FALSE(is_told(changes));
        }
}

TEST_CASE("a change that nobody has taken does no harm when nobody asks any more") {
    TempDir dir;
    {
        DirChanges changes(dir.path());
        std::ofstream(dir.path() / "new") << "1";
    }
    std::ofstream(dir.path() / "another") << "1";
    CHECK(std::filesystem::exists(dir.path() / "another"));
}

TEST_CASE("a directory that is not there is named") {
    CHECK_THROWS_WITH_AS(DirChanges("/gone"), "watching /gone: No such file or directory", SystemError);
}
