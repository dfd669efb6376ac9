// SPDX-License-Identifier: Apache-2.0

#include "stage0/compose.h"

#include "base/error.h"

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
    plain.arguments = {"--port", "80"};
    CHECK(compose({plain}).apps[0].app->exec == std::vector<std::string>{"/bin/web", "-v", "--port", "80"});
    plain.exec = "/bin/sh";
    CHECK(compose({plain}).apps[0].app->exec == std::vector<std::string>{"/bin/sh", "--port", "80"});
    CHECK(compose({plain}).apps[0].app->user == "alice");
}

TEST_CASE("ACI-6: an image without an app can be run when it is told what to execute") {
    AppRequest layer = request("example.com/layer", {});
    layer.exec = "/bin/sh";
    CHECK(compose({layer}).apps[0].app->exec == std::vector<std::string>{"/bin/sh"});
}

TEST_CASE("ACI-26: an app with nothing to execute is refused") {
    CHECK_THROWS_AS(compose({request("example.com/layer", {})}), Error);
}

TEST_CASE("POD-3: two apps of one name are refused until one is renamed") {
    AppRequest first = request("example.com/web", {"/web"});
    AppRequest second = request("example.org/web", {"/web"});
    CHECK_THROWS_AS(compose({first, second}), Error);
    second.name = "web-2";
    PodManifest pod = compose({first, second});
    CHECK(pod.apps[1].name == "web-2");
    CHECK(PodManifest::parse(pod.str()) == pod);
}
