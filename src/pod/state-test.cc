// SPDX-License-Identifier: Apache-2.0

#include "pod/state.h"

#include <doctest/doctest.h>

using namespace rkt;

TEST_CASE("the state follows from the place, the lock and the cgroup") {
    struct Row {
        PodPlace place;
        Held held;
        std::optional<bool> populated;
        std::string_view state;
    };
    constexpr Row rows[] = {
        {PodPlace::Embryo, Held::Yes, {}, "embryo"},
        {PodPlace::Prepare, Held::Yes, {}, "preparing"},
        {PodPlace::Prepare, Held::No, {}, "aborted prepare"},
        {PodPlace::Prepared, Held::No, {}, "prepared"},
        {PodPlace::Run, Held::Yes, false, "running"},
        {PodPlace::Run, Held::Yes, true, "running"},
        {PodPlace::Run, Held::No, true, "running"},
        {PodPlace::Run, Held::No, false, "exited"},
        {PodPlace::Run, Held::Yes, {}, "running"},
        {PodPlace::Run, Held::No, {}, "exited"},
        {PodPlace::ExitedGarbage, Held::No, {}, "exited garbage"},
        {PodPlace::ExitedGarbage, Held::Yes, {}, "exited deleting"},
        {PodPlace::Garbage, Held::No, {}, "garbage"},
        {PodPlace::Garbage, Held::Yes, {}, "deleting"},
        {PodPlace::Prepare, Held::Unknown, {}, "preparing"},
        {PodPlace::Run, Held::Unknown, true, "running"},
        {PodPlace::Run, Held::Unknown, false, "exited"},
        {PodPlace::Run, Held::Unknown, {}, "running"},
        {PodPlace::ExitedGarbage, Held::Unknown, {}, "exited garbage"},
        {PodPlace::Garbage, Held::Unknown, {}, "garbage"},
    };
    for (const Row& row : rows)
        CHECK(str(state_of(row.place, row.held, row.populated)) == row.state);
}

TEST_CASE("where the state is what the place says the lock does not matter") {
    for (PodPlace place : pod_places)
        if (!depends_on_lock(place))
            for (Held held : {Held::Yes, Held::Unknown})
                CHECK(state_of(place, held, {}) == state_of(place, Held::No, {}));
}

TEST_CASE("a name is free as soon as its pod has exited") {
    CHECK(is_living(PodState::Prepared));
    CHECK(is_living(PodState::Running));
    CHECK_FALSE(is_living(PodState::Exited));
    CHECK_FALSE(is_living(PodState::AbortedPrepare));
}
