// SPDX-License-Identifier: Apache-2.0

#include "stage1-systemd/outside/services.h"

#include "base/error.h"
#include "os/file.h"
#include "os/temp-dir.h"

#include <doctest/doctest.h>

#include <algorithm>

using namespace rkt;

namespace {

const std::string id = "sha512-" + std::string(128, 'a');

std::string image_text(const std::string& members) {
    return R"({"acKind": "ImageManifest", "acVersion": "0.8.11", "name": "example.com/web")" + members + "}";
}

std::string app_text(const std::string& members) {
    return R"("app": {"exec": ["/bin/web"], "user": "0", "group": "0")" + members + "}";
}

std::string pod_text(const std::string& members, const std::string& name = "web") {
    return R"({"acKind": "PodManifest", "acVersion": "0.8.11", "apps": [{"name": ")" + name +
           R"(", "image": {"id": ")" + id + R"("})" + members + "}]}";
}

// A pod's directory with one app, as stage0 leaves it to run.
struct PodDir {
    TempDir dir;
    PodLayout layout{dir.path()};

    explicit PodDir(const std::string& image, const std::string& app = "web") {
        std::filesystem::create_directories(layout.stage1_rootfs() / "etc");
        add(app, image);
        write_plainly(layout.stage1_rootfs() / "etc/passwd", "root:x:0:0::/root:/bin/sh\n");
        write_plainly(layout.stage1_rootfs() / "etc/group", "root:x:0:\n");
    }

    void add(const std::string& app, const std::string& image) const {
        std::filesystem::create_directories(layout.app_info(app));
        std::filesystem::create_directories(layout.app_rootfs(app));
        write_plainly(layout.image_manifest(app), image);
    }

    Services all(const std::string& pod) const { return services_of(PodManifest::parse(pod), layout); }
    std::vector<AppService> services(const std::string& pod) const { return all(pod).apps; }
};

const std::string* value_of(const std::vector<std::pair<std::string, std::string>>& environment,
                            std::string_view name) {
    auto found = std::ranges::find(environment, name, &std::pair<std::string, std::string>::first);
    return found == environment.end() ? nullptr : &found->second;
}

std::string variable(const AppService& service, std::string_view name) {
    const std::string* value = value_of(service.environment, name);
    return value != nullptr ? *value : "(not set)";
}

} // namespace

TEST_CASE("an app is what its image says") {
    PodDir pod(image_text("," + app_text(R"(, "workingDirectory": "/srv", "supplementaryGIDs": [7],
        "eventHandlers": [{"name": "pre-start", "exec": ["/bin/a", "b"]}, {"name": "post-stop", "exec": ["/bin/c"]}])")));
    auto services = pod.services(pod_text(""));
    REQUIRE(services.size() == 1);
    const AppService& service = services[0];
    CHECK(service.name == "web");
    CHECK(service.image == "example.com/web");
    CHECK(service.exec == Words{"/bin/web"});
    CHECK(service.pre_start == Words{"/bin/a", "b"});
    CHECK(service.post_stop == Words{"/bin/c"});
    CHECK(service.working_directory == "/srv");
    CHECK(service.account.supplementary == std::vector<gid_t>{7});
    CHECK(service.only);
    CHECK_FALSE(service.notifies);
    CHECK_FALSE(service.read_only_root);
}

TEST_CASE("ACE-4: the apps of a pod wait for the pre-start handlers of all, where there are any") {
    std::string idle = image_text("," + app_text(""));
    std::string preparing =
        image_text("," + app_text(R"(, "eventHandlers": [{"name": "pre-start", "exec": ["a"]}])"));
    PodDir pod(idle);
    pod.add("db", idle);
    std::string both = pod_text("", R"(db", "image": {"id": ")" + id + R"("}}, {"name": "web)");
    for (const AppService& service : pod.services(both))
        CHECK(service.gates.empty());
    pod.add("db", preparing);
    for (const AppService& service : pod.services(both))
        CHECK(service.gates == Words{"db"});
    pod.add("web", preparing);
    for (const AppService& service : pod.services(both))
        CHECK(service.gates == Words{"db", "web"});

    SUBCASE("the only app has nobody to wait for") {
        CHECK(pod.services(pod_text(""))[0].gates.empty());
    }
    SUBCASE("an app that comes later waits for nobody") {
        PodManifest manifest = PodManifest::parse(both);
        manifest.annotations = {
            {.name = AcIdentifier::parse("coreos.com/rkt/stage1/mutable"), .value = "true"}};
        for (const AppService& service : services_of(manifest, pod.layout).apps)
            CHECK(service.gates.empty());
    }
}

TEST_CASE("ACE-53: an app that waits for somebody keeps nobody waiting, and its end is not its pod's") {
    PodDir pod(image_text("," + app_text(R"(, "ports": [{"name": "http", "protocol": "tcp", "port": 80,
        "socketActivated": true}], "eventHandlers": [{"name": "pre-start", "exec": ["a"]}])")));
    AppService service = pod.services(pod_text(""))[0];
    CHECK_FALSE(service.only);
    CHECK(service.gates.empty());
    CHECK(service.listeners == std::vector<Listener>{{"80"}});
    write_services(pod.all(pod_text("")), pod.layout.stage1_rootfs());
    std::filesystem::path units = pod.layout.stage1_rootfs() / "etc/systemd/system";
    CHECK(std::filesystem::is_symlink(units / "default.target.wants/web.socket"));
    CHECK_FALSE(std::filesystem::is_symlink(units / "default.target.wants/web.service"));
    remove_service("web", pod.layout.stage1_rootfs());
    CHECK_FALSE(std::filesystem::exists(units / "web.socket"));
}

TEST_CASE("POD-5: an app of the pod's replaces the image's as a whole") {
    PodDir pod(image_text("," + app_text(R"(, "environment": [{"name": "A", "value": "image"}])")));
    auto services = pod.services(pod_text(R"(, "app": {"exec": ["other"], "user": "5", "group": "6"})"));
    CHECK(services[0].exec == Words{"other"});
    CHECK(services[0].account.uid == 5);
    CHECK(variable(services[0], "A") == "(not set)");
}

TEST_CASE("POD-6, POD-8: the pod says more about an app than its image") {
    PodDir pod(image_text(
        "," + app_text("") +
        R"(, "annotations": [{"name": "appc.io/executor/supports-systemd-notify", "value": "true"}])"));
    CHECK(pod.services(pod_text(""))[0].notifies);
    auto services = pod.services(pod_text(R"(, "readOnlyRootFS": true, "annotations":
        [{"name": "appc.io/executor/supports-systemd-notify", "value": "false"}])"));
    CHECK_FALSE(services[0].notifies);
    CHECK(services[0].read_only_root);
}

TEST_CASE("ACE-17: an app of a pod whose metadata is told knows where, and its own URL is not taken") {
    PodDir pod(
        image_text("," + app_text(R"(, "environment": [{"name": "AC_METADATA_URL", "value": "liar"}])")));
    CHECK(variable(pod.services(pod_text(""))[0], "AC_METADATA_URL").empty());
    CHECK_FALSE(pod.services(pod_text(""))[0].asks_metadata);
    std::string token(64, 'a');
    write_plainly(pod.layout.metadata_token(), token + "\n");
    AppService service = pod.services(pod_text(""))[0];
    CHECK(variable(service, "AC_METADATA_URL") == "http://127.0.0.1:18112/" + token);
    CHECK(service.asks_metadata);
    CHECK(unit_text(service).find("After=rkt_metadata.socket\n") != std::string::npos);
}

TEST_CASE("ACE-15 to ACE-18: the environment has what the spec says, and the app's own over it") {
    PodDir pod(image_text("," + app_text(R"(, "environment": [{"name": "PATH", "value": "/opt"},
        {"name": "AC_APP_NAME", "value": "liar"}, {"name": "X", "value": "a\nb"}])")));
    AppService service = pod.services(pod_text(""))[0];
    CHECK(variable(service, "PATH") == "/opt");
    CHECK(variable(service, "AC_APP_NAME") == "web");
    CHECK(variable(service, "container") == "rkt");
    CHECK(variable(service, "AC_METADATA_URL").empty());
    CHECK(variable(service, "X") == "a\nb");
    CHECK(variable(service, "HOME") == "/root");
    PodDir plain(image_text("," + app_text("")));
    CHECK(variable(plain.services(pod_text(""))[0], "PATH") ==
          "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
}

TEST_CASE("an app that cannot be run is refused by its name") {
    struct Row {
        std::string image;
        std::string pod;
        std::string message;
    };
    const Row rows[] = {
        {"", "", "app web: neither the pod nor the image says what to run"},
        {R"(, "app": {"exec": [], "user": "0", "group": "0"})", "", "app web: there is no command to run"},
        {R"(, "app": {"exec": ["a"], "user": "eve", "group": "0"})", "",
         "app web: finding the user eve: it is not in the image's /etc/passwd"},
    };
    for (const Row& row : rows) {
        PodDir pod(image_text(row.image));
        CHECK_THROWS_WITH_AS(pod.services(pod_text(row.pod)), row.message.c_str(), Error);
    }
    PodDir dbus(image_text("," + app_text("")), "dbus");
    CHECK_THROWS_WITH_AS(dbus.services(pod_text("", "dbus")),
                         "app dbus: the pod has a service of this name already", Error);
}

TEST_CASE("services are written where the pod's systemd finds and starts them") {
    PodDir pod(image_text(R"(, "app": {"exec": ["a"], "user": "5", "group": "6"})"));
    Services services = pod.all(pod_text(""));
    write_services(services, pod.layout.stage1_rootfs());
    auto etc = pod.layout.stage1_rootfs() / "etc";
    CHECK(read_file(etc / "systemd/system/web.service") == unit_text(services.apps[0]));
    CHECK(std::filesystem::exists(etc / "systemd/system/failed_web.service"));
    CHECK(std::filesystem::equivalent(etc / "systemd/system/default.target.wants/web.service",
                                      etc / "systemd/system/web.service"));
    CHECK(read_file(etc / "passwd") == "root:x:0:0::/root:/bin/sh\nuser5:x:5:65534::/:/bin/sh\n");
    CHECK(read_file(etc / "group") == "root:x:0:\ngroup6:x:6:\n");
}

TEST_CASE("ACE-62: what becomes of isolators is written down") {
    PodDir pod(image_text("," + app_text(R"(, "isolators": [
        {"name": "os/linux/oom-score-adj", "value": 5}, {"name": "example.com/unknown", "value": {}}])")));
    Services services = pod.all(pod_text(""));
    CHECK(services.isolators == "web os/linux/oom-score-adj enforced \n"
                                "web example.com/unknown ignored it is not known\n");
    CHECK_FALSE(services.all_enforced);
}

TEST_CASE("--insecure-options: the usual restrictions are left out as asked") {
    PodDir pod(image_text("," + app_text("")));
    PodManifest manifest = PodManifest::parse(pod_text(""));
    AppService free =
        services_of(manifest, pod.layout, {.capabilities = true, .paths = true, .calls = true}).apps[0];
    CHECK(free.capabilities == all_capabilities());
    CHECK_FALSE(free.masked);
    CHECK_FALSE(free.usual_filter);
}

TEST_CASE("what is left out is kept as words") {
    CHECK(Unrestricted{}.str().empty());
    Unrestricted some = Unrestricted::parse("paths\nstrict-isolators\nseccomp\n");
    CHECK_FALSE(some.capabilities);
    CHECK(some.paths);
    CHECK(some.calls);
    CHECK(some.str() == "paths\nseccomp\n");
}

TEST_CASE("a pod whose apps come and go may have none, and they do not start with it") {
    PodDir pod(image_text("," + app_text("")));
    PodManifest manifest = PodManifest::parse(pod_text(""));
    manifest.annotations = {{.name = AcIdentifier::parse("coreos.com/rkt/stage1/mutable"), .value = "true"}};
    Services services = services_of(manifest, pod.layout);
    CHECK(services.apps[0].apart);
    CHECK_FALSE(services.apps[0].only);
    auto units = pod.layout.stage1_rootfs() / "etc/systemd/system";
    write_services(services, pod.layout.stage1_rootfs());
    CHECK(std::filesystem::exists(units / "web.service"));
    CHECK_FALSE(std::filesystem::exists(units / "default.target.wants/web.service"));
    remove_service("web", pod.layout.stage1_rootfs());
    remove_service("web", pod.layout.stage1_rootfs());
    CHECK_FALSE(std::filesystem::exists(units / "web.service"));
    CHECK_FALSE(std::filesystem::exists(units / "failed_web.service"));
    manifest.apps.clear();
    CHECK(services_of(manifest, pod.layout).apps.empty());
}
