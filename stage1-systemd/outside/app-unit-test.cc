// SPDX-License-Identifier: Apache-2.0

#include "stage1-systemd/outside/app-unit.h"

#include "base/error.h"
#include "base/text.h"

#include <doctest/doctest.h>

#include <algorithm>

using namespace rkt;

namespace {

AppService web() {
    return {.name = "web", .image = "example.com/web", .exec = {"/bin/web", "--port", "80"}};
}

bool has_line(const AppService& service, std::string_view line) {
    std::string text = unit_text(service);
    auto lines = split(text, '\n');
    return std::ranges::find(lines, line) != lines.end();
}

bool has_key(const AppService& service, std::string_view key) {
    std::string text = unit_text(service);
    return std::ranges::any_of(
        split(text, '\n'), [&](std::string_view line) { return line.starts_with(std::string(key) + "="); });
}

} // namespace

TEST_CASE("an app's service says where it runs, what it runs, and how its lines are called") {
    AppService service = web();
    CHECK(has_line(service, "Description=web (example.com/web)"));
    CHECK(has_line(service, "RootDirectory=/opt/stage2/web/rootfs"));
    CHECK(has_line(service, R"(ExecStart=:/dev/.rkt/launch 3 "/bin/web" "--port" "80")"));
    CHECK(has_line(service, "SyslogIdentifier=web"));
    CHECK(has_line(service, "Type=simple"));
    CHECK(has_line(service, "StandardError=truncate:/rkt/status/web-started"));
}

TEST_CASE("an app is stopped in order, before the pod") {
    CHECK(has_line(web(), "Conflicts=shutdown.target"));
    CHECK(has_line(web(), "Before=shutdown.target"));
}

TEST_CASE("the end of the only app is the pod's, that of one of several waits for the others") {
    AppService service = web();
    CHECK(has_line(service, "Wants=done.target"));
    CHECK(has_line(service, "OnSuccess=succeeded_web.service"));
    CHECK(has_line(service, "OnFailure=failed_web.service"));
    service.only = true;
    CHECK_FALSE(has_key(service, "Wants"));
}

TEST_CASE("ACE-53: an app with sockets has them whenever it is started") {
    AppService service = web();
    CHECK_FALSE(has_line(service, "Requires=web.socket"));
    service.listeners = {{"80"}};
    CHECK(has_line(service, "Requires=web.socket"));
}

TEST_CASE("an end that is the app's own affair means nothing to the pod") {
    AppService service = web();
    service.apart = true;
    CHECK_FALSE(has_key(service, "Wants"));
    for (bool failed : {false, true}) {
        std::string text = ended_unit_text(service, failed, ExitPolicy::OnAny);
        CHECK(text.find("Action=") == std::string::npos);
        CHECK(text.find("done.target") == std::string::npos);
        CHECK(text.find("ExecStart=/rkt/finish\n") != std::string::npos);
    }
}

TEST_CASE("ACE-9: an end ends the pod as the policy says") {
    using enum ExitPolicy;
    struct Row {
        bool only, failed;
        ExitPolicy policy;
        std::string_view success, failure; // actions
    };
    for (const Row& row :
         {Row{false, true, OnAnyFailure, "", "exit"}, Row{false, false, OnAnyFailure, "", ""},
          Row{false, true, OnAny, "exit", "exit"}, Row{false, false, OnAny, "exit", "exit"},
          Row{false, true, UntilAll, "", ""}, Row{false, false, UntilAll, "", ""},
          Row{true, true, UntilAll, "exit-force", "exit-force"},
          Row{true, false, OnAnyFailure, "exit-force", "exit-force"}}) {
        AppService service = web();
        service.only = row.only;
        std::string text = ended_unit_text(service, row.failed, row.policy);
        CAPTURE(text);
        CHECK(text.find("Conflicts=web.service\n") != std::string::npos);
        auto has = [&](std::string_view key, std::string_view action) {
            return text.find(fmt::format("{}={}\n", key, action)) != std::string::npos;
        };
        CHECK((row.success.empty() ? text.find("SuccessAction") == std::string::npos
                                   : has("SuccessAction", row.success)));
        CHECK((row.failure.empty() ? text.find("FailureAction") == std::string::npos
                                   : has("FailureAction", row.failure)));
    }
}

TEST_CASE("an app is started again as asked, and as often as it takes") {
    AppService service = web();
    CHECK_FALSE(has_key(service, "Restart"));
    service.restart = "always";
    CHECK(has_line(service, "Restart=always"));
    CHECK(has_line(service, "StartLimitIntervalSec=0"));
}

TEST_CASE("a filter of the app's own is loaded by launch, last") {
    AppService service = web();
    service.filter = "program";
    CHECK(has_line(service, "BindReadOnlyPaths=/rkt/filters/web:/dev/.rkt/filter"));
    CHECK(has_line(service,
                   R"(ExecStart=:/dev/.rkt/launch --filter=/dev/.rkt/filter 3 "/bin/web" "--port" "80")"));
}

TEST_CASE("ACE-12: volumes can be written below a root that cannot") {
    AppService service = web();
    service.writable = {"/data", "/with blank"};
    CHECK_FALSE(has_key(service, "ReadWritePaths=+/data"));
    service.read_only_root = true;
    CHECK(has_line(service, R"(ReadWritePaths="+/data")"));
    CHECK(has_line(service, R"(ReadWritePaths="+/with blank")"));
}

TEST_CASE("ACE-4, ACE-5: pre-start runs in launch before the app, post-stop when it has ended") {
    AppService service = web();
    CHECK_FALSE(has_key(service, "ExecStopPost"));
    service.pre_start = {"/bin/prepare"};
    service.post_stop = {"/bin/tidy", "all"};
    CHECK(has_line(service, R"(ExecStart=:/dev/.rkt/launch 1 "/bin/prepare" 3 "/bin/web" "--port" "80")"));
    CHECK(has_line(service, R"(ExecStopPost=:/dev/.rkt/launch 2 "/bin/tidy" "all")"));
}

TEST_CASE(
    "ACE-4: where an app's pre-start is waited for, launch is told, and what it has to look at is there") {
    AppService service = web();
    service.post_stop = {"tidy"};
    CHECK_FALSE(has_line(service, "BindReadOnlyPaths=/rkt/status:/dev/.rkt/status"));
    service.gates = {"db", "web"};
    service.streams.out = StreamMode::Null;
    CHECK(has_line(
        service,
        R"(ExecStart=:/dev/.rkt/launch --gates=db,web --streams=null,null,log 3 "/bin/web" "--port" "80")"));
    CHECK(has_line(service, R"(ExecStopPost=:/dev/.rkt/launch 1 "tidy")"));
    CHECK(has_line(service, "StandardError=append:/rkt/status/web-started"));
    CHECK(has_line(service, "BindReadOnlyPaths=/rkt/status:/dev/.rkt/status"));
}

TEST_CASE("ACI-10: words are verbatim") {
    AppService service = web();
    service.exec = {"sh", "-c", "echo \"$HOME\" 100%\\n\n", ""};
    CHECK(has_line(service, R"(ExecStart=:/dev/.rkt/launch 4 "sh" "-c" "echo \"$HOME\" 100%%\\n\x0a" "")"));
}

TEST_CASE("ACI-20: a variable that systemd would not take reaches the app through launch") {
    AppService service = web();
    service.environment = {{"A", "1 2"}, {"B_C", "two\nlines %"}, {"db.password", "x\"y"}, {"a-b", ""}};
    CHECK(has_line(service, R"(Environment="A=1 2")"));
    CHECK(has_line(service, R"(Environment="B_C=two\x0alines %%")"));
    CHECK(has_line(service,
                   R"(ExecStart=:/dev/.rkt/launch "db.password=x\"y" "a-b=" 3 "/bin/web" "--port" "80")"));
}

TEST_CASE("users and groups are numbers, and root needs none") {
    AppService service = web();
    CHECK_FALSE(has_key(service, "User"));
    service.account = {.uid = 1234, .gid = 1235, .supplementary = {7, 8}};
    CHECK(has_line(service, "User=1234"));
    CHECK(has_line(service, "Group=1235"));
    CHECK(has_line(service, "SupplementaryGroups=7"));
    CHECK(has_line(service, "SupplementaryGroups=8"));
    service.account = {.uid = 0, .gid = 0, .supplementary = {7}};
    CHECK(has_line(service, "User=0"));
}

TEST_CASE("an app is confined") {
    AppService service = web();
    service.capabilities = {"CAP_KILL", "CAP_CHOWN"};
    CHECK(has_line(service, "CapabilityBoundingSet=CAP_CHOWN CAP_KILL"));
    CHECK(has_line(service, "RestrictNamespaces=yes"));
    CHECK(has_key(service, "SystemCallFilter"));
    CHECK_FALSE(has_key(service, "NoNewPrivileges"));
    CHECK(has_line(service, "ReadOnlyPaths=+/dev"));
    CHECK(has_key(service, "InaccessiblePaths"));
    CHECK_FALSE(has_key(service, "AmbientCapabilities"));
    CHECK_FALSE(has_line(service, "ReadOnlyPaths=+/"));

    SUBCASE("without any capability") {
        service.capabilities = {};
        CHECK(has_line(service, "CapabilityBoundingSet="));
    }
    SUBCASE("an administrator of the pod may mount") {
        service.capabilities = {"CAP_SYS_ADMIN"};
        CHECK_FALSE(has_key(service, "SystemCallFilter"));
        CHECK_FALSE(has_key(service, "RestrictNamespaces"));
    }
    SUBCASE("ISO-9: with what it retains, although it is not root") {
        service.ambient = {"CAP_KILL"};
        CHECK(has_line(service, "AmbientCapabilities=CAP_KILL"));
    }
    SUBCASE("as asked") {
        service.no_new_privileges = true;
        service.read_only_root = true;
        CHECK(has_line(service, "NoNewPrivileges=yes"));
        CHECK(has_line(service, "ReadOnlyPaths=+/"));
    }
}

TEST_CASE("ACI-44: an app that notifies is ready when it says so") {
    AppService service = web();
    service.notifies = true;
    CHECK(has_line(service, "Type=notify"));
    CHECK_FALSE(has_key(service, "TimeoutStartSec"));
    service.gates = {"db"}; // which may take its time
    CHECK(has_line(service, "TimeoutStartSec=infinity"));
}

TEST_CASE("ACI-18: the working directory is said, or refused") {
    AppService service = web();
    CHECK(has_line(service, "WorkingDirectory=/"));
    service.working_directory = "/srv/a b";
    CHECK(has_line(service, "WorkingDirectory=/srv/a b"));
    service.working_directory = "/srv\nUser=0";
    CHECK_THROWS_AS(unit_text(service), Error);
}

TEST_CASE("names of the pod's own units are taken") {
    CHECK(is_reserved("dbus"));
    CHECK(is_reserved("systemd-journald"));
    CHECK_FALSE(is_reserved("web"));
}

TEST_CASE("launch is told of streams that are not as usual, and systemd connects those that rkt carries") {
    AppService service = web();
    service.post_stop = {"tidy"};
    CHECK_FALSE(has_key(service, "StandardInput"));
    service.streams.out = StreamMode::Null;
    CHECK(has_line(service,
                   R"(ExecStart=:/dev/.rkt/launch --streams=null,null,log 3 "/bin/web" "--port" "80")"));
    CHECK_FALSE(has_key(service, "StandardInput"));
    service.streams.in = StreamMode::Stream;
    CHECK(has_line(service,
                   R"(ExecStart=:/dev/.rkt/launch --streams=stream,null,log 3 "/bin/web" "--port" "80")"));
    CHECK(has_line(service, "StandardInput=file:/rkt/streams/web"));
    CHECK(has_line(service, R"(ExecStopPost=:/dev/.rkt/launch 1 "tidy")"));
}
