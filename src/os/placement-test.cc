// SPDX-License-Identifier: Apache-2.0

#include "os/placement.h"

#include "base/error.h"
#include "os/file.h"
#include "os/temp-dir.h"

#include <doctest/doctest.h>

using namespace rkt;

namespace {

void put_file(const std::filesystem::path& target, const std::string& content, bool overwrite) {
    Placement placement(target, overwrite);
    write_fully(placement.make_file(0644).get(), content, target);
    placement.put();
}

std::size_t count(const TempDir& dir) {
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(dir.path()), {}));
}

} // namespace

TEST_CASE("what is made has its name when it is put into place, and not before") {
    TempDir dir;
    auto target = dir.path() / "file";
    {
        Placement placement(target, false);
        write_fully(placement.make_file(0644).get(), "half", target);
        CHECK_FALSE(std::filesystem::exists(target));
    }
    CHECK(std::filesystem::is_empty(dir.path()));
    put_file(target, "whole", false);
    CHECK(read_file(target) == "whole");
    CHECK(count(dir) == 1);
}

TEST_CASE("what is there already is only replaced if that is wanted, and then as a whole") {
    TempDir dir;
    auto target = dir.path() / "place";
    write_plainly(target, "old");
    CHECK_THROWS_AS(put_file(target, "new", false), Error);
    CHECK(read_file(target) == "old");
    put_file(target, "new", true);
    CHECK(read_file(target) == "new");

    Placement placement(target.native() + "/", true);
    write_fully(placement.make_dir(0755).make_file("a", 0644).get(), "a", target);
    placement.put();
    CHECK(read_file(target / "a") == "a");
    put_file(target, "file again", true);
    CHECK(read_file(target) == "file again");
    CHECK(count(dir) == 1);
}

TEST_CASE("who comes second does not replace what the first has made meanwhile") {
    TempDir dir;
    auto target = dir.path() / "file";
    Placement placement(target, false);
    write_fully(placement.make_file(0644).get(), "second", target);
    put_file(target, "first", false);
    CHECK_THROWS_AS(placement.put(), Error);
    CHECK(read_file(target) == "first");
}

TEST_CASE("the root directory, and what lies nowhere, are refused") {
    for (const char* root : {"/", "//", "/../", "/usr/.."})
        CHECK_THROWS_AS(Placement(root, true), Error);
    CHECK_THROWS_AS(Placement("/gone/file", true), SystemError);
}
