// SPDX-License-Identifier: Apache-2.0

#include "config/settings-json.h"

#include "base/error.h"
#include "os/file.h"
#include "os/temp-dir.h"

#include <doctest/doctest.h>

using namespace rkt;

TEST_CASE("what is shown are entries as a file might hold them, without the secrets") {
    AuthSettings auth = {.domains = {{"a.example.com", BasicAuth{.user = "u", .password = Secret("key")}},
                                     {"b.example.com:8443", BearerAuth{.token = Secret("key")}}},
                         .registries = {{"docker.io", BasicAuth{.user = "v", .password = Secret("key")}}}};
    CHECK(
        settings_json(auth, {}, {}).compact() ==
        R"({"stage0":[)"
        R"({"credentials":{"password":"<hidden>","user":"u"},"domains":["a.example.com"],"rktKind":"auth","rktVersion":"v1","type":"basic"},)"
        R"({"credentials":{"token":"<hidden>"},"domains":["b.example.com:8443"],"rktKind":"auth","rktVersion":"v1","type":"oauth"},)"
        R"({"credentials":{"password":"<hidden>","user":"v"},"registries":["docker.io"],"rktKind":"dockerAuth","rktVersion":"v1"})"
        R"(]})");
    CHECK(settings_json({}, {}, {}).compact() == R"({"stage0":[]})");
}

TEST_CASE("what is shown without secrets can be configured again, with secrets it cannot") {
    PathSettings paths = {.data = "/a", .stage1_images = "/b"};
    Stage1Settings stage1 = {.image =
                                 Stage1Name{.name = AcIdentifier::parse("example.com/s"), .version = "1"},
                             .location = "/s.aci"};
    AuthSettings auth = {.domains = {{"a", BearerAuth{.token = Secret("key")}}}};
    TempDir dir;
    Json shown = settings_json(auth, paths, stage1);
    for (const Json& entry : shown.at("stage0").list()) {
        const std::string& kind = entry.at("rktKind").string();
        std::filesystem::create_directory(dir.path() / (kind + ".d"));
        write_plainly(dir.path() / (kind + ".d") / "a.json", entry.pretty(), 0600);
    }
    ConfigRoots roots = {.system = dir.path(), .local = "/nowhere"};
    CHECK(read_paths(roots).data == "/a");
    CHECK(read_paths(roots).stage1_images == "/b");
    CHECK(read_stage1(roots).image->name == "example.com/s");
    CHECK(read_stage1(roots).location == "/s.aci");
    CHECK_THROWS_AS((void)read_auth(roots), Error);
}
