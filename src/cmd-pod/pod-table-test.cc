// SPDX-License-Identifier: Apache-2.0

#include "cmd-pod/pod-table.h"

#include "base/error.h"
#include "os/file.h"
#include "os/temp-dir.h"

#include <doctest/doctest.h>

using namespace rkt;

namespace {

Pod pod_in(const std::filesystem::path& dir) {
    return {.uuid = Uuid::parse("00000000-0000-4000-8000-000000000001"),
            .place = PodPlace::Run,
            .state = PodState::Running,
            .layout = {dir}};
}

std::string table(const Pod& pod, const char* fields, const PodTableForm& form = {}) {
    return pod_table({pod}, parse_pod_fields("--fields", fields), form);
}

} // namespace

TEST_CASE("what is said of the pod stands in its first row, what is said of an app in each") {
    TempDir dir;
    Pod pod = pod_in(dir.path());
    write_plainly(pod.layout.apps(), "web sha512-aa example.com/web:1\ndb sha512-bb example.com/db\n");
    CHECK(table(pod, "uuid,app,state") == "UUID\t\tAPP\tSTATE\n00000000\tweb\trunning\n\t\tdb\n");
    CHECK(table(pod, "app,imageid", {.legend = false}) == "web\tsha512-aa\ndb\tsha512-bb\n");
    CHECK(table(pod, "uuid", {.full = true, .legend = false}) == pod.uuid.str() + "\n\n");
}

TEST_CASE("a port stands with its app, and the pod's own with the first, while the pod runs") {
    TempDir dir;
    Pod pod = pod_in(dir.path());
    write_plainly(pod.layout.apps(), "web sha512-aa example.com/web:1\ndb sha512-bb example.com/db\n");
    write_plainly(pod.layout.ports(),
                  "db sql tcp * 5432 5432 1\n- any udp * 7 7 1\nweb http tcp * 8080 80 1\n"
                  "web many tcp 127.0.0.1 90 9000 2\n");
    CHECK(table(pod, "app,ports", {.legend = false}) ==
          "web\t*:7->7/udp, *:8080->80/tcp, 127.0.0.1:90-91->9000-9001/tcp\n"
          "db\t*:5432->5432/tcp\n");
    pod.state = PodState::Exited;
    CHECK(table(pod, "app,ports", {.legend = false}) == "web\ndb\n");
}

TEST_CASE("a pod whose apps are not known has a row") {
    TempDir dir;
    CHECK(table(pod_in(dir.path()), "app,imagename,state", {.legend = false}) == "-\t-\trunning\n");
}

TEST_CASE("columns are known by their names") {
    CHECK(parse_pod_fields("--fields", usual_pod_fields(true)).size() == 10);
    CHECK(parse_pod_fields("--fields", usual_pod_fields(false)).back().name == "name");
    CHECK_THROWS_WITH_AS(parse_pod_fields("--fields", "uuid,colour"), "--fields knows no field \"colour\"",
                         UsageError);
}
