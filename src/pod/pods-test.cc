// SPDX-License-Identifier: Apache-2.0

#include "pod/pods.h"

#include "base/error.h"
#include "os/file.h"
#include "os/temp-dir.h"

#include <doctest/doctest.h>

#include <array>
#include <atomic>
#include <thread>

using namespace rkt;

namespace {

struct Places {
    TempDir dir;
    Pods pods = Pods(dir.path());

    Places() { pods.make_places(); }

    PodState state(const PodLock& pod) const { return pods.find(pod.uuid())->state; }
};

} // namespace

TEST_CASE("a pod is what its place and its lock say") {
    Places places;
    std::optional<PodLock> pod = places.pods.create(Uuid::random());
    CHECK(places.state(*pod) == PodState::Embryo);
    places.pods.move(*pod, PodPlace::Prepare);
    CHECK(places.state(*pod) == PodState::Preparing);
    places.pods.move(*pod, PodPlace::Run);
    CHECK(places.state(*pod) == PodState::Running);
    pod.reset();
    CHECK(places.pods.list().at(0).state == PodState::Exited);
}

TEST_CASE("a pod that someone holds cannot be taken, and nobody waits") {
    Places places;
    PodLock held = places.pods.create(Uuid::random());
    CHECK_FALSE(places.pods.try_lock(*places.pods.find(held.uuid())));
}

TEST_CASE("who only looks keeps nobody from making and taking pods") {
    Places places;
    std::atomic<bool> done = false;
    auto look = [&] {
        while (!done)
            static_cast<void>(places.pods.list());
    };
    std::array lookers = {std::jthread(look), std::jthread(look)};
    bool taken = true;
    for (int i = 0; i < 50 && taken; ++i) {
        PodLock pod = places.pods.create(Uuid::random());
        places.pods.move(pod, PodPlace::Run);
        Pod seen = view_of(pod);
        static_cast<void>(PodLock(std::move(pod))); // let go
        for (int round = 0; round < 20; ++round)
            taken = taken && places.pods.try_lock(seen);
        std::filesystem::remove_all(seen.layout.dir);
    }
    done = true;
    CHECK(taken);
}

TEST_CASE("a pod that is kept for reading is not taken") {
    Places places;
    Uuid uuid = Uuid::random();
    static_cast<void>(places.pods.create(uuid));
    std::optional<Lock> reader = places.pods.try_hold(*places.pods.find(uuid));
    CHECK_FALSE(places.pods.try_lock(*places.pods.find(uuid)));
    reader.reset();
    CHECK(places.pods.try_lock(*places.pods.find(uuid)));
}

TEST_CASE("a pod that was moved since it was seen cannot be taken") {
    Places places;
    Uuid uuid = Uuid::random();
    Pod seen = [&] {
        PodLock pod = places.pods.create(uuid);
        Pod before = *places.pods.find(uuid);
        places.pods.move(pod, PodPlace::Prepare);
        return before;
    }();
    CHECK_FALSE(places.pods.try_lock(seen));
    CHECK(places.pods.try_lock(*places.pods.find(uuid)));
}

TEST_CASE("a pod is found by a unique beginning of its UUID") {
    Places places;
    for (const char* uuid :
         {"aaaa0000-0000-4000-8000-000000000001", "aabb0000-0000-4000-8000-000000000002"}) {
        PodLock pod = places.pods.create(Uuid::parse(uuid));
        places.pods.move(pod, PodPlace::Prepare);
    }
    CHECK(places.pods.resolve("AAAA").uuid.str() == "aaaa0000-0000-4000-8000-000000000001");
    CHECK_THROWS_WITH_AS(places.pods.resolve("aa"),
                         "finding the pod aa: ambiguous UUID, 2 matches; give more of it", Error);
    CHECK_THROWS_AS(places.pods.resolve("bb"), Error);
    CHECK_THROWS_AS(places.pods.resolve(""), Error);
    CHECK_THROWS_AS(places.pods.resolve("../run"), Error);
}

TEST_CASE("a name belongs to one living pod") {
    Places places;
    std::optional<PodLock> first = places.pods.create(Uuid::random());
    places.pods.claim_name(*first, "web");
    CHECK(places.pods.resolve("web").uuid == first->uuid());
    PodLock second = places.pods.create(Uuid::random());
    CHECK_THROWS_AS(places.pods.claim_name(second, "web"), Error);

    SUBCASE("once it has exited, the name is free") {
        places.pods.move(*first, PodPlace::Run);
        first.reset();
        places.pods.claim_name(second, "web");
        CHECK(places.pods.resolve("web").uuid == second.uuid());
    }
    SUBCASE("given back, it is nobody's") {
        places.pods.release_name(*first);
        CHECK_THROWS_AS(places.pods.resolve("web"), Error);
    }
}

TEST_CASE("no name is taken for a pod that does not know it, for nobody would give it back") {
    Places places;
    PodLock pod = places.pods.create(Uuid::random());
    std::filesystem::create_directory(pod.layout().name());
    CHECK_THROWS_AS(places.pods.claim_name(pod, "web"), Error);
    CHECK_FALSE(std::filesystem::exists(places.dir.path() / "pods/names/web"));
}

TEST_CASE("a name that could be taken for a UUID is refused") {
    for (const char* name : {"cafe", "0", "a-b", "Web", "", "a_b"})
        CHECK_THROWS_AS(check_pod_name(name), Error);
    check_pod_name("web");
    check_pod_name("cafeteria");
}
