// SPDX-License-Identifier: Apache-2.0

#include "pod/user-range.h"

#include "base/error.h"
#include "os/file.h"
#include "os/temp-dir.h"

#include <doctest/doctest.h>

#include <set>

using namespace rkt;

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

TEST_CASE("what a crash has left of another pod keeps nobody from a range") {
    TempDir dir;
    Pods pods(dir.path());
    pods.make_places();
    PodLock lost = pods.create(Uuid::random());
    for (const char* text : {"", "5242", "524288:"}) {
        write_plainly(lost.layout().user_range(), text);
        CHECK_THROWS_AS(range_of(lost.layout()), Error);
        PodLock pod = pods.create(Uuid::random());
        UserRange range = claim_range(pods, pod);
        CHECK(range == range_of(pod.layout()));
    }
    std::filesystem::remove(lost.layout().user_range());
    std::filesystem::create_directory(lost.layout().user_range());
    CHECK_THROWS_AS(claim_range(pods, lost), SystemError); // it may be one of a pod that runs
}

TEST_CASE("what is no pod has no range") {
    TempDir dir;
    Pods pods(dir.path());
    pods.make_places();
    write_plainly(dir.path() / "pods" / "run" / "stray", "");
    PodLock pod = pods.create(Uuid::random());
    UserRange range = claim_range(pods, pod);
    CHECK(range == range_of(pod.layout()));
}
