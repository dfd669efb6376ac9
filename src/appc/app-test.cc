// SPDX-License-Identifier: Apache-2.0

#include "appc/app.h"

#include "appc/test-document.h"

#include <doctest/doctest.h>

using namespace rkt;

namespace {

void check_faults(const std::vector<Row>& rows) {
    for (const auto& row : rows) {
        CAPTURE(row.members);
        CHECK(image_faults(image_with_app(row.members)) == row.told);
    }
}

App app_with(std::string_view members) {
    return *ImageManifest::parse(image_with_app(members)).app;
}

} // namespace

TEST_CASE("ACI-10: the words to execute") {
    check_faults({
        {R"("exec": [])", ""},
        {R"("exec": null)", ""},
        {R"("exec": ["a b", "$HOME", ""])", ""},
        {R"("exec": "/bin/sh")", "app.exec: a string where a list belongs"},
        {R"("exec": ["/bin/sh", 1])", "app.exec[1]: an integer where a string belongs"},
        {R"("exec": ["/bin/sh\u0000"])", "app.exec[0]: a zero byte in a string"},
    });
    CHECK(app_with(R"("exec": ["a b", "$HOME"])").exec == std::vector<std::string>{"a b", "$HOME"});
}

TEST_CASE("ACI-12: user and group are required, and are strings") {
    check_faults({
        {R"("user": "root", "group": "/etc/group")", ""},
        {R"("user": "")", "app.user: is empty"},
        {R"("group": "")", "app.group: is empty"},
        {R"("user": null)", "app.user: is missing"},
        {R"("user": 0)", "app.user: an integer where a string belongs"},
        {R"("group": 0)", "app.group: an integer where a string belongs"},
        {R"("user": "\u0000")", "app.user: a zero byte in a string"},
    });
    CHECK(image_faults(image_with(R"("app": {})")) ==
          "2 faults:\n  app.user: is missing\n  app.group: is missing");
}

TEST_CASE("ACI-16, L14: supplementary groups, and the one other spelling") {
    check_faults({
        {R"("supplementaryGIDs": [0, 4294967295])", ""},
        {R"("supplementaryGids": [1])", ""},
        {R"("supplementaryGIDs": [-1])", "app.supplementaryGIDs[0]: is no integer between 0 and 4294967295"},
        {R"("supplementaryGIDs": [1, 4294967296])",
         "app.supplementaryGIDs[1]: is no integer between 0 and 4294967295"},
        {R"("supplementaryGIDs": ["1"])", "app.supplementaryGIDs[0]: is no integer between 0 and 4294967295"},
        {R"("supplementaryGIDs": [1.0])", "app.supplementaryGIDs[0]: is no integer between 0 and 4294967295"},
        {R"("supplementaryGIDs": 1)", "app.supplementaryGIDs: an integer where a list belongs"},
        {R"("supplementaryGIDs": [1], "supplementaryGids": [2])",
         "app.supplementaryGids: is another spelling of supplementaryGIDs, which is there too"},
    });
    App app = app_with(R"("supplementaryGids": [7])");
    CHECK(app.supplementary_gids == std::vector<std::uint32_t>{7});
    CHECK(app.json() == Json::parse(R"({"user": "0", "group": "0", "supplementaryGIDs": [7]})"));
}

TEST_CASE("ACI-17: event handlers, one of each at most") {
    check_faults({
        {R"("eventHandlers": [{"name": "post-stop", "exec": ["a"]}, {"name": "pre-start", "exec": ["b"]}])",
         ""},
        {R"("eventHandlers": [{"name": "pre-start", "exec": []}, {"name": "pre-start", "exec": []}])",
         "app.eventHandlers: \"pre-start\" is there twice"},
        {R"("eventHandlers": [{"name": "post-stop"}, {"name": "post-stop"}, {"name": "post-stop"}])",
         "app.eventHandlers: \"post-stop\" is there twice"},
        {R"("eventHandlers": [{"name": "post-start", "exec": []}])",
         "app.eventHandlers[0].name: \"post-start\" is neither pre-start nor post-stop"},
        {R"("eventHandlers": [{"exec": []}])", "app.eventHandlers[0].name: is missing"},
        {R"("eventHandlers": [{"name": "pre-start", "exec": "a"}])",
         "app.eventHandlers[0].exec: a string where a list belongs"},
    });
    App app = app_with(R"("eventHandlers": [{"name": "post-stop", "exec": ["a"]}])");
    CHECK(find_handler(app, EventHandler::Event::PreStart) == nullptr);
    CHECK(find_handler(app, EventHandler::Event::PostStop)->exec.front() == "a");
}

TEST_CASE("ACI-18: the working directory is absolute") {
    check_faults({
        {R"("workingDirectory": "/")", ""},
        {R"("workingDirectory": "/opt/work")", ""},
        {R"("workingDirectory": "stuff")", "app.workingDirectory: \"stuff\" is not absolute"},
        {R"("workingDirectory": "../x")", "app.workingDirectory: \"../x\" is not absolute"},
        {R"("workingDirectory": "")", "app.workingDirectory: \"\" is not absolute"},
        {R"("workingDirectory": "/)" + std::string(4095, 'a') + "\"",
         "app.workingDirectory: the path is too long"},
    });
    CHECK(app_with("").working_directory == "/");
}

TEST_CASE("ACI-20, AC-TYPE-14, L9: the environment") {
    for (auto good : {"A", "_", "a.b-c_9", "PATH"}) {
        CAPTURE(good);
        CHECK(EnvironmentName::parse(good).str() == good);
    }
    for (auto bad : {"", "9A", ".A", "-A", "A=B", "A B", "A\n", "é", "A$"}) {
        CAPTURE(bad);
        CHECK_THROWS_AS(EnvironmentName::parse(bad), Error);
    }
    check_faults({
        {R"("environment": [{"name": "A", "value": "a=b\n"}, {"name": "B", "value": ""}])", ""},
        {R"("environment": [{"name": "A"}])", "app.environment[0].value: is missing"},
        {R"("environment": [{"value": "a"}])", "app.environment[0].name: is missing"},
        {R"("environment": [{"name": "A", "value": "\u0000"}])",
         "app.environment[0].value: a zero byte in a string"},
        {R"("environment": [{"name": "A", "value": ""}, {"name": "A", "value": ""}])",
         "app.environment: \"A\" is there twice"},
    });
}

TEST_CASE("ACI-22, ACE-27, L6, L16: mount points") {
    check_faults({
        {R"("mountPoints": [{"name": "a", "path": "/a"}, {"name": "b", "path": "/ab"}])", ""},
        {R"("mountPoints": [{"name": "a", "path": "/", "readOnly": true}])", ""},
        {R"("mountPoints": [{"path": "/a"}])", "app.mountPoints[0].name: is missing"},
        {R"("mountPoints": [{"name": "a"}])", "app.mountPoints[0].path: is missing"},
        {R"("mountPoints": [{"name": "a", "path": ""}])", "app.mountPoints[0].path: is empty"},
        {R"("mountPoints": [{"name": "a", "path": "a"}])", "app.mountPoints[0].path: \"a\" is not absolute"},
        {R"("mountPoints": [{"name": "a", "path": "/a/../b"}])",
         "app.mountPoints[0].path: \"/a/../b\" has a \".\", a \"..\" or a slash too many"},
        {R"("mountPoints": [{"name": "a", "path": "/a/"}])",
         "app.mountPoints[0].path: \"/a/\" has a \".\", a \"..\" or a slash too many"},
        {R"("mountPoints": [{"name": "a", "path": "//a"}])",
         "app.mountPoints[0].path: \"//a\" has a \".\", a \"..\" or a slash too many"},
        {R"("mountPoints": [{"name": "a", "path": "/a", "readOnly": 1}])",
         "app.mountPoints[0].readOnly: an integer where true or false belongs"},
        {R"("mountPoints": [{"name": "a", "path": "/a"}, {"name": "a", "path": "/b"}])",
         "app.mountPoints: \"a\" is there twice"},
        {R"("mountPoints": [{"name": "a", "path": "/a"}, {"name": "b", "path": "/a"}])",
         "app.mountPoints: /a and /a overlap"},
        {R"("mountPoints": [{"name": "a", "path": "/a/b/c"}, {"name": "b", "path": "/a-b"},
                            {"name": "c", "path": "/a/b"}])",
         "app.mountPoints: /a/b and /a/b/c overlap"},
        {R"("mountPoints": [{"name": "a", "path": "/a"}, {"name": "b", "path": "/"}])",
         "app.mountPoints: / and /a overlap"},
    });
}

TEST_CASE("ACI-23, ACI-24, L7, L16: ports") {
    check_faults({
        {R"("ports": [{"name": "a", "protocol": "tcp", "port": 65535, "count": 1}])", ""},
        {R"("ports": [{"name": "a", "protocol": "anything", "port": 1, "count": 65535}])", ""},
        {R"("ports": [{"protocol": "tcp", "port": 1}])", "app.ports[0].name: is missing"},
        {R"("ports": [{"name": "a.b", "protocol": "tcp", "port": 1}])",
         "app.ports[0].name: \"a.b\" is no name: small letters and digits, with single hyphens between them"},
        {R"("ports": [{"name": "a", "port": 1}])", "app.ports[0].protocol: is missing"},
        {R"("ports": [{"name": "a", "protocol": "", "port": 1}])", "app.ports[0].protocol: is empty"},
        {R"("ports": [{"name": "a", "protocol": "tcp"}])", "app.ports[0].port: is missing"},
        {R"("ports": [{"name": "a", "protocol": "tcp", "port": "80"}])",
         "app.ports[0].port: a string where an integer belongs"},
        {R"("ports": [{"name": "a", "protocol": "tcp", "port": 0}])",
         "app.ports[0].port: 0 is not between 1 and 65535"},
        {R"("ports": [{"name": "a", "protocol": "tcp", "port": -1}])",
         "app.ports[0].port: -1 is not between 1 and 65535"},
        {R"("ports": [{"name": "a", "protocol": "tcp", "port": 65536}])",
         "app.ports[0].port: 65536 is not between 1 and 65535"},
        {R"("ports": [{"name": "a", "protocol": "tcp", "port": 1, "count": 0}])",
         "app.ports[0].count: 0 is not between 1 and 65535"},
        {R"("ports": [{"name": "a", "protocol": "tcp", "port": 1, "count": 18446744073709551615}])",
         "app.ports[0].count: 18446744073709551615 is not between 1 and 65535"},
        {R"("ports": [{"name": "a", "protocol": "tcp", "port": 65535, "count": 2}])",
         "app.ports[0].count: 2 ports from 65535 on end above 65535"},
        {R"("ports": [{"name": "a", "protocol": "tcp", "port": 1}, {"name": "a", "protocol": "udp", "port": 1}])",
         "app.ports: \"a\" is there twice"},
    });
    App app = app_with(R"("ports": [{"name": "a", "protocol": "tcp", "port": 80}])");
    CHECK(app.ports.front().count == 1);
    CHECK_FALSE(app.ports.front().socket_activated);
}

TEST_CASE("ACI-25: user annotations and labels are strings under any key") {
    check_faults({
        {R"("userAnnotations": {"": "", "Any key/at all": "x"}, "userLabels": {})", ""},
        {R"("userAnnotations": {"a": 1})", "app.userAnnotations.a: an integer where a string belongs"},
        {R"("userLabels": [])", "app.userLabels: a list where an object belongs"},
    });
}
