// SPDX-License-Identifier: Apache-2.0

#include "pod/state.h"

#include <doctest/doctest.h>

using namespace rkt;

TEST_CASE("the state follows from the place, the lock and the cgroup") {
    struct Row {
        PodPlace place;
        bool locked;
        bool populated;
        std::string_view state;
    };
    constexpr Row rows[] = {
        {PodPlace::Embryo, true, false, "embryo"},
        {PodPlace::Prepare, true, false, "preparing"},
        {PodPlace::Prepare, false, false, "aborted prepare"},
        {PodPlace::Prepared, false, false, "prepared"},
        {PodPlace::Run, true, false, "running"},
        {PodPlace::Run, true, true, "running"},
        {PodPlace::Run, false, true, "running"},
        {PodPlace::Run, false, false, "exited"},
        {PodPlace::ExitedGarbage, false, false, "exited garbage"},
        {PodPlace::ExitedGarbage, true, false, "exited deleting"},
        {PodPlace::Garbage, false, false, "garbage"},
        {PodPlace::Garbage, true, false, "deleting"},
    };
    for (const Row& row : rows)
        CHECK(str(state_of(row.place, row.locked, row.populated)) == row.state);
}

TEST_CASE("a name is free as soon as its pod has exited") {
    CHECK(is_living(PodState::Prepared));
    CHECK(is_living(PodState::Running));
    CHECK_FALSE(is_living(PodState::Exited));
    CHECK_FALSE(is_living(PodState::AbortedPrepare));
}
