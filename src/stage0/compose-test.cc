// SPDX-License-Identifier: Apache-2.0

#include "stage0/compose.h"

#include "base/error.h"
#include "pod/stream-modes.h"

#include <doctest/doctest.h>

using namespace rkt;

namespace {

AppRequest request(const std::string& name, std::vector<std::string> exec) {
    std::array<std::uint8_t, ImageId::digest_size> digest = {};
    AppRequest request = {.image = ImageId::of(digest), .manifest = {.name = AcIdentifier::parse(name)}};
    if (!exec.empty())
        request.manifest.app = App{.exec = std::move(exec), .user = "alice", .group = "staff"};
    return request;
}

} // namespace

TEST_CASE("an app is named after the last part of its image's name") {
    CHECK(app_name_of(AcIdentifier::parse("example.com/web")) == "web");
    CHECK(app_name_of(AcIdentifier::parse("example.com/my_app.v2")) == "my-app-v2");
    CHECK(app_name_of(AcIdentifier::parse("busybox")) == "busybox");
}

TEST_CASE("ACI-10: arguments are added to the exec of the image, or to the one that replaces it") {
    AppRequest plain = request("example.com/web", {"/bin/web", "-v"});
    plain.options.arguments = {"--port", "80"};
    CHECK(compose({plain}).value.apps[0].app->exec ==
          std::vector<std::string>{"/bin/web", "-v", "--port", "80"});
    plain.options.exec = "/bin/sh";
    CHECK(compose({plain}).value.apps[0].app->exec == std::vector<std::string>{"/bin/sh", "--port", "80"});
    CHECK(compose({plain}).value.apps[0].app->user == "alice");
}

TEST_CASE("ACI-6: an image without an app can be run when it is told what to execute") {
    AppRequest layer = request("example.com/layer", {});
    layer.options.exec = "/bin/sh";
    CHECK(compose({layer}).value.apps[0].app->exec == std::vector<std::string>{"/bin/sh"});
}

TEST_CASE("ACI-26: an app with nothing to execute is refused") {
    CHECK_THROWS_AS(compose({request("example.com/layer", {})}), Error);
}

TEST_CASE("POD-3: two apps of one name are refused until one is renamed") {
    AppRequest first = request("example.com/web", {"/web"});
    AppRequest second = request("example.org/web", {"/web"});
    CHECK_THROWS_AS(compose({first, second}), Error);
    second.options.name = "web-2";
    PodManifest pod = compose({first, second}).value;
    CHECK(pod.apps[1].name == "web-2");
    CHECK(PodManifest::parse(pod.str()) == pod);
}

TEST_CASE("what is said of an app is stronger than what its image says") {
    AppRequest app = request("example.com/web", {"/web"});
    app.manifest.app->environment = {parse_variable("A=image"), parse_variable("B=image")};
    app.options.user = "1000";
    app.options.group = "100";
    app.options.supplementary_gids = {{5, 6}};
    app.options.working_directory = "/srv";
    app.options.read_only_rootfs = true;
    app.options.user_labels = {{"tier", "front"}};
    PodManifest pod = compose({app}).value;
    const App& made = *pod.apps[0].app;
    CHECK(made.user == "1000");
    CHECK(made.group == "100");
    CHECK(made.supplementary_gids == std::vector<std::uint32_t>{5, 6});
    CHECK(made.working_directory == "/srv");
    CHECK(pod.apps[0].read_only_rootfs);
    CHECK(made.user_labels.at("tier") == "front");
}

TEST_CASE("environments: inherited, image, --set-env, --environment, each stronger than the one before") {
    AppRequest app = request("example.com/web", {"/web"});
    app.manifest.app->environment = {parse_variable("B=image"), parse_variable("C=image"),
                                     parse_variable("D=image")};
    app.options.environment = {parse_variable("D=app")};
    PodOptions pod;
    pod.inherited = {parse_variable("A=ours"), parse_variable("B=ours")};
    pod.environment = {parse_variable("C=pod"), parse_variable("D=pod")};
    Environment made = compose({app}, pod).value.apps[0].app->environment;
    auto value = [&](const char* name) { return find_named(made, name)->value; };
    CHECK(value("A") == "ours");
    CHECK(value("B") == "image");
    CHECK(value("C") == "pod");
    CHECK(value("D") == "app");
    CHECK_THROWS_AS(parse_variable("A"), Error);
    CHECK_THROWS_AS(parse_variable("1A=b"), Error);
}

TEST_CASE("POD-17: every mount point gets a volume: the one of its path, of its name, or an empty one") {
    AppRequest app = request("example.com/web", {"/web"});
    app.manifest.app->mount_points = {{.name = AcName::parse("data"), .path = "/data"},
                                      {.name = AcName::parse("logs"), .path = "/logs"},
                                      {.name = AcName::parse("tmp"), .path = "/scratch"}};
    app.options.mounts = {{.volume = AcName::parse("disk"), .path = "/data"}};
    PodOptions options;
    options.volumes = {Volume::parse("disk,kind=host,source=/srv"), Volume::parse("logs,kind=empty")};
    Examined<PodManifest> pod = compose({app}, options);
    auto volume_at = [&](const char* path) {
        for (const Mount& mount : pod.value.apps[0].mounts)
            if (mount.path == path)
                return mount.volume.str();
        return std::string();
    };
    CHECK(volume_at("/data") == "disk");
    CHECK(volume_at("/logs") == "logs");
    CHECK(volume_at("/scratch") == "web-tmp");
    CHECK(find_named(pod.value.volumes, "web-tmp")->kind == Volume::Kind::Empty);
    CHECK(pod.warnings.size() == 1);
}

TEST_CASE("the pod's mounts are in every app, behind its own") {
    AppRequest first = request("example.com/a", {"/a"});
    AppRequest second = request("example.com/b", {"/b"});
    first.options.mounts = {{.volume = AcName::parse("own"), .path = "/data"}};
    PodOptions options;
    options.mounts = {{.volume = AcName::parse("all"), .path = "/data"}};
    options.volumes = {Volume::parse("own,kind=empty"), Volume::parse("all,kind=empty")};
    PodManifest pod = compose({first, second}, options).value;
    CHECK(pod.apps[0].mounts.at(0).volume == "own");
    CHECK(pod.apps[1].mounts.at(0).volume == "all");
}

TEST_CASE("what a pod cannot be is refused") {
    AppRequest app = request("example.com/web", {"/web"});
    auto with_mounts = [&](std::vector<Mount> mounts, std::vector<Volume> volumes) {
        AppRequest asked = app;
        asked.options.mounts = std::move(mounts);
        return compose({asked}, {.volumes = std::move(volumes)});
    };
    Mount data = {.volume = AcName::parse("data"), .path = "/data"};
    Mount inner = {.volume = AcName::parse("data"), .path = "/data/inner"};
    Volume volume = Volume::parse("data,kind=empty");
    SUBCASE("POD-17: a mount without its volume") {
        CHECK_THROWS_AS(with_mounts({data}, {}), Error);
    }
    SUBCASE("ACE-27: a mount in another") {
        CHECK_THROWS_AS(with_mounts({data, inner}, {volume}), Error);
    }
    SUBCASE("POD-9: two volumes of one name") {
        CHECK_THROWS_AS(with_mounts({data}, {volume, volume}), Error);
    }
    SUBCASE("POD-14: a port that no app has") {
        CHECK_THROWS_AS(compose({app}, {.ports = {{.name = AcName::parse("http"), .host_port = 80}}}), Error);
    }
}

TEST_CASE("--interactive is for one app of which nothing else is said") {
    AppRequest app = request("example.com/web", {"/web"});
    PodManifest pod = compose({app}).value;
    SUBCASE("with a terminal") {
        make_interactive(pod, true);
        CHECK(stream_modes_of(pod.apps[0].annotations).str() == "tty,tty,tty");
        CHECK_THROWS_AS(make_interactive(pod, true), UsageError);
    }
    SUBCASE("without one") {
        make_interactive(pod, false);
        CHECK(stream_modes_of(pod.apps[0].annotations).str() == "stream,stream,stream");
    }
    SUBCASE("two apps") {
        pod.apps.push_back(pod.apps[0]);
        CHECK_THROWS_AS(make_interactive(pod, true), UsageError);
    }
}

TEST_CASE("an app whose streams cannot be is refused by its name") {
    AppRequest app = request("example.com/web", {"/web"});
    app.options.annotations = {{.name = AcIdentifier::parse(stdin_annotation), .value = "log"}};
    CHECK_THROWS_WITH_AS(
        compose({app}),
        "composing a pod: app web: \"log\" is nothing that an app can read from: null, stream and "
        "tty are known",
        Error);
}

TEST_CASE("an app comes to a pod and leaves it, with the volumes that are its own") {
    AppRequest first = request("example.com/web", {"/web", "-v"});
    first.options.mounts = {{.volume = AcName::parse("shared"), .path = "/shared"}};
    PodManifest empty;
    PodManifest one = compose_with(empty, first, {.volumes = {Volume::parse("shared,kind=empty")}}).value;
    AppRequest second = request("example.com/db", {"/db", "-v"});
    second.options.mounts = {{.volume = AcName::parse("shared"), .path = "/shared"},
                             {.volume = AcName::parse("own"), .path = "/own"}};
    second.options.arguments = {"-q"};
    second.options.replaces_arguments = true;
    PodManifest two = compose_with(one, second, {.volumes = {Volume::parse("own,kind=empty")}}).value;
    CHECK(two.apps.size() == 2);
    CHECK(two.volumes.size() == 2);
    CHECK(two.apps[0] == one.apps[0]);
    CHECK(two.apps[1].app->exec == std::vector<std::string>{"/db", "-q"});
    CHECK(compose_without(two, "db") == one);
    CHECK(compose_without(one, "web") == empty);
    CHECK(compose_without(two, "web").volumes.size() == 2);
}

TEST_CASE("an app that cannot come to a pod is refused") {
    AppRequest app = request("example.com/web", {"/web"});
    PodManifest pod = compose_with({}, app, {.volumes = {}}).value;
    CHECK_THROWS_WITH_AS(compose_with(pod, app, {}),
                         "composing a pod: it has an app web already; name this one with --name", Error);
    pod.volumes = {Volume::parse("data,kind=empty")};
    app.options.name = "other";
    CHECK_THROWS_WITH_AS(compose_with(pod, app, {.volumes = {Volume::parse("data,kind=empty,mode=0700")}}),
                         "composing a pod: it has another volume data already: data,kind=empty", Error);
    CHECK_NOTHROW(compose_with(pod, app, {.volumes = {Volume::parse("data,kind=empty")}}));
}
