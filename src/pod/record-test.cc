// SPDX-License-Identifier: Apache-2.0

#include "pod/record.h"

#include "os/file.h"
#include "os/temp-dir.h"

#include <doctest/doctest.h>

#include <sys/stat.h>

using namespace rkt;

namespace {

struct Place {
    TempDir dir;
    PodLayout layout = {dir.path() / "pod"};
    std::filesystem::path outside = dir.path() / "outside";

    Place() {
        std::filesystem::create_directories(layout.statuses());
        std::filesystem::create_directories(outside);
        write_plainly(outside / "web", "7\n");
    }

    void lead_out() const {
        std::filesystem::remove(layout.statuses());
        std::filesystem::create_directory_symlink(outside, layout.statuses());
    }
};

std::optional<std::string> text_of(const Place& place, std::size_t limit = 4) {
    std::optional<Record> record = Record::find(place.layout, place.layout.status("web"));
    return record ? record->text(limit) : std::nullopt;
}

} // namespace

TEST_CASE("a record is a small file") {
    Place place;
    CHECK_FALSE(text_of(place));
    write_plainly(place.layout.status("web"), "137\n");
    CHECK(text_of(place) == "137\n");
    CHECK_FALSE(text_of(place, 3));
}

TEST_CASE("what the pod's root puts in the place of a record is none, and nobody waits for it") {
    Place place;
    std::filesystem::path file = place.layout.status("web");
    SUBCASE("a pipe") {
        REQUIRE(::mkfifo(file.c_str(), 0600) == 0);
    }
    SUBCASE("a directory") {
        std::filesystem::create_directory(file);
    }
    SUBCASE("a link") {
        std::filesystem::create_symlink(place.outside / "web", file);
    }
    SUBCASE("a link above it") {
        place.lead_out();
    }
    SUBCASE("a file in the place of the directory") {
        std::filesystem::remove(place.layout.statuses());
        write_plainly(place.layout.statuses(), "");
    }
    CHECK_FALSE(Record::find(place.layout, file));
}

TEST_CASE("what is in the place of a record is removed, and nothing else") {
    Place place;
    std::filesystem::path file = place.layout.status("web");
    SUBCASE("a record") {
        write_plainly(file, "0\n");
    }
    SUBCASE("a link") {
        std::filesystem::create_symlink(place.outside / "web", file);
    }
    SUBCASE("a link above it") {
        place.lead_out();
        remove_record(place.layout, file);
        CHECK(std::filesystem::exists(place.outside / "web"));
        return;
    }
    remove_record(place.layout, file);
    CHECK(std::filesystem::symlink_status(file).type() == std::filesystem::file_type::not_found);
    CHECK(std::filesystem::exists(place.outside / "web"));
}
