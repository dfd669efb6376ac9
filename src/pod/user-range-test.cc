// SPDX-License-Identifier: Apache-2.0

#include "pod/user-range.h"

#include "base/error.h"
#include "os/file.h"
#include "os/temp-dir.h"

#include <doctest/doctest.h>

#include <set>

using namespace rkt;

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

TEST_CASE("a range is chosen that nobody has") {
    Uuid uuid = Uuid::random();
    UserRange one = choose_range(uuid, {}).value();
    UserRange other = choose_range(uuid, {one}).value();
    CHECK_FALSE(one.overlaps(other));
    CHECK(one.shift % 65536 == 0);
    CHECK_FALSE(choose_range(uuid, {{0, 0xffffffff}}));
}

TEST_CASE("each pod gets a range of its own, and gives it back with its directory") {
    TempDir dir;
    Pods pods(dir.path());
    pods.make_places();
    std::set<std::uint32_t> shifts;
    for (int i = 0; i < 20; ++i) {
        PodLock pod = pods.create(Uuid::random());
        shifts.insert(claim_range(pods, pod).shift);
        CHECK(range_of(pod.layout())->count == 65536);
    }
    CHECK(shifts.size() == 20);
}
