// SPDX-License-Identifier: Apache-2.0

#include "pod/pod.h"

#include "os/file.h"
#include "os/temp-dir.h"

#include <doctest/doctest.h>

using namespace rkt;

namespace {

Time at(int seconds) {
    return Time(std::chrono::seconds(seconds));
}

} // namespace

TEST_CASE("a pod's status is that of the app that failed first") {
    PodApp good = {.name = "good", .image_id = "", .image_name = "", .status = 0, .finished = at(1)};
    PodApp early = {.name = "early", .image_id = "", .image_name = "", .status = 3, .finished = at(2)};
    PodApp late = {.name = "late", .image_id = "", .image_name = "", .status = 143, .finished = at(3)};
    PodApp unknown = {.name = "unknown", .image_id = "", .image_name = ""};
    CHECK(status_of({good}) == 0);
    CHECK(status_of({late, good, early}) == 3);
    CHECK(status_of({unknown, early}) == 3);
    CHECK_FALSE(status_of({good, unknown}));
}

TEST_CASE("a machine is named after the pod's name, else after its UUID") {
    Uuid uuid = Uuid::parse("00000000-0000-4000-8000-000000000001");
    CHECK(machine_name(uuid, "web") == "rkt-web");
    CHECK(machine_name(uuid, std::nullopt) == "rkt-00000000-0000-4000-8000-000000000001");
}

TEST_CASE("apps and their ends are read from the pod's directory") {
    TempDir dir;
    PodLayout layout = {dir.path()};
    std::filesystem::create_directories(layout.statuses());
    write_plainly(layout.apps(), "web sha512-aa example.com/web:1\ndb sha512-bb example.com/db\n");
    write_plainly(layout.status("web"), "137\n");
    write_plainly(layout.status("db"), "nonsense\n");
    Pod pod = {.uuid = Uuid::random(), .place = PodPlace::Run, .state = PodState::Exited, .layout = layout};
    std::vector<PodApp> apps = pod.apps();
    REQUIRE(apps.size() == 2);
    CHECK(apps[0].name == "web");
    CHECK(apps[0].image_name == "example.com/web:1");
    CHECK(apps[0].status == 137);
    CHECK(apps[0].finished);
    CHECK_FALSE(apps[1].status); // unknown is unknown, never 0
}
