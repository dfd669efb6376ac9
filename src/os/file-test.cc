// SPDX-License-Identifier: Apache-2.0

#include "os/file.h"

#include "base/error.h"
#include "os/temp-dir.h"

#include <doctest/doctest.h>

#include <cerrno>
#include <iterator>

#include <sys/stat.h>

using namespace rkt;

namespace {

auto entries(const TempDir& dir) {
    return std::distance(std::filesystem::directory_iterator(dir.path()), {});
}

} // namespace

TEST_CASE("what was written is read again, and nothing else lies beside it") {
    TempDir dir;
    auto file = dir.path() / "file";
    write_atomically(file, "one", 0600);
    write_atomically(file, "two", 0640);
    CHECK(read_file(file) == "two");
    CHECK(entries(dir) == 1);

    struct stat status = {};
    REQUIRE(::stat(file.c_str(), &status) == 0);
    CHECK((status.st_mode & 07777) == 0640);
}

TEST_CASE("a write that cannot be finished leaves nothing") {
    TempDir dir;
    std::filesystem::create_directory(dir.path() / "taken");
    CHECK_THROWS_AS(write_atomically(dir.path() / "taken", "x"), SystemError);
    CHECK(entries(dir) == 1);
}

TEST_CASE("a file that is not there is nothing, or an error that names it") {
    TempDir dir;
    auto gone = dir.path() / "gone";
    CHECK_FALSE(read_file_if_any(gone));
    CHECK_FALSE(find_file(gone));
    CHECK_THROWS_WITH_AS(read_file(gone),
                         ("opening " + gone.native() + ": No such file or directory").c_str(), SystemError);
}

TEST_CASE("who reads a file that is replaced finds the old one or the new one, whole") {
    TempDir dir;
    std::filesystem::path file = dir.path() / "file";
    for (auto* write : {write_atomically, write_at_once}) {
        write(file, "old", 0644);
        std::filesystem::create_hard_link(file, dir.path() / "held");
        write(file, "new", 0600);
        CHECK(read_file(dir.path() / "held") == "old");
        CHECK(read_file(file) == "new");
        CHECK(std::filesystem::status(file).permissions() == std::filesystem::perms(0600));
        std::filesystem::remove(dir.path() / "held");
    }
    auto entries = std::filesystem::directory_iterator(dir.path());
    CHECK(std::distance(begin(entries), end(entries)) == 1);
}

TEST_CASE("a file may be as large as its limit and no larger") {
    TempDir dir;
    auto file = dir.path() / "file";
    write_atomically(file, std::string(1000, 'x'));
    CHECK(read_file(file, 1000).size() == 1000);
    CHECK_THROWS_AS(read_file(file, 999), Error);
}

TEST_CASE("a link in the place of a file is not followed") {
    TempDir dir;
    write_atomically(dir.path() / "file", "x");
    std::filesystem::create_symlink("file", dir.path() / "link");
    CHECK_THROWS_AS(read_file(dir.path() / "link"), SystemError);
}

TEST_CASE("a file is written anew in place, longer or shorter, and is not made") {
    TempDir dir;
    std::filesystem::path file = dir.path() / "file";
    rewrite(file, "x");
    CHECK_FALSE(std::filesystem::exists(file));
    write_plainly(file, "one\n");
    std::filesystem::create_hard_link(file, dir.path() / "same");
    for (const char* text : {"one\ntwo\n", "1\n", ""}) {
        rewrite(file, text);
        CHECK(read_file(dir.path() / "same") == text);
    }
}
