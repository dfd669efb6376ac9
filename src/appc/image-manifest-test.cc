// SPDX-License-Identifier: Apache-2.0

#include "appc/image-manifest.h"

#include "appc/limits.h"
#include "appc/test-document.h"

#include <doctest/doctest.h>

using namespace rkt;

namespace {

// As the spec's own example, but for the id of the dependency and the errno.
const std::string whole = R"({
    "acKind": "ImageManifest",
    "acVersion": "0.8.11",
    "name": "example.com/reduce-worker",
    "labels": [
        {"name": "version", "value": "1.0.0"},
        {"name": "arch", "value": "amd64"},
        {"name": "os", "value": "linux"}
    ],
    "app": {
        "exec": ["/usr/bin/reduce-worker", "--quiet", ""],
        "user": "100",
        "group": "300",
        "supplementaryGIDs": [400, 500],
        "eventHandlers": [
            {"exec": ["/usr/bin/data-downloader"], "name": "pre-start"},
            {"exec": ["/usr/bin/deregister-worker", "--verbose"], "name": "post-stop"}
        ],
        "workingDirectory": "/opt/work",
        "environment": [{"name": "REDUCE_WORKER_DEBUG", "value": "true"}],
        "isolators": [
            {"name": "resource/cpu", "value": {"request": "250m", "limit": "500m"}},
            {"name": "os/linux/capabilities-retain-set", "value": {"set": ["CAP_NET_BIND_SERVICE"]}},
            {"name": "example.com/unknown", "value": [1, null, {"a": 2.5}]}
        ],
        "mountPoints": [{"name": "work", "path": "/var/lib/work", "readOnly": true}],
        "ports": [{"name": "health", "port": 4000, "protocol": "tcp", "socketActivated": true, "count": 2}],
        "userAnnotations": {"foo": "bar"},
        "userLabels": {"Some key!": ""}
    },
    "dependencies": [
        {"imageName": "example.com/base", "imageID": "IMAGE_ID", "size": 22017258,
         "labels": [{"name": "os", "value": "linux"}]},
        {"imageName": "example.com/base"}
    ],
    "pathWhitelist": ["/etc/ca/example.com/crt", "/usr/bin/map-reduce-worker"],
    "annotations": [
        {"name": "authors", "value": "Carly Container <carly@example.com>"},
        {"name": "created", "value": "2014-10-27T19:32:27.67021798Z"},
        {"name": "documentation", "value": "https://example.com/docs"},
        {"name": "homepage", "value": "https://example.com"}
    ]
})";

std::string whole_text() {
    std::string text = whole;
    return text.replace(text.find("IMAGE_ID"), 8, id_text);
}

} // namespace

TEST_CASE("an image manifest is read whole") {
    auto [image, warnings] = ImageManifest::examine(whole_text());
    CHECK(warnings.empty());
    CHECK(image.name == "example.com/reduce-worker");
    CHECK(*find_label(image.labels, "version") == "1.0.0");
    REQUIRE(image.app);
    CHECK(image.app->exec == std::vector<std::string>{"/usr/bin/reduce-worker", "--quiet", ""});
    CHECK(image.app->user == "100");
    CHECK(image.app->supplementary_gids == std::vector<std::uint32_t>{400, 500});
    CHECK(find_handler(*image.app, EventHandler::Event::PostStop)->exec.back() == "--verbose");
    CHECK(image.app->working_directory == "/opt/work");
    CHECK(find_named(image.app->environment, "REDUCE_WORKER_DEBUG")->value == "true");
    CHECK(find_named(image.app->mount_points, "work")->read_only);
    CHECK(find_named(image.app->ports, "health")->count == 2);
    CHECK(image.app->user_labels.at("Some key!").empty());
    REQUIRE(image.dependencies.size() == 2);
    CHECK(image.dependencies[0].image_id->str() == id_text);
    CHECK(image.dependencies[0].size == 22017258);
    CHECK(image.path_whitelist.size() == 2);
    CHECK(*find_annotation(image.annotations, "homepage") == "https://example.com");
}

TEST_CASE("an image manifest is written as it was read") {
    auto image = ImageManifest::parse(whole_text());
    CHECK(image.json() == Json::parse(whole_text()));
    CHECK(ImageManifest::parse(image.str()) == image);
    CHECK(ImageManifest::parse(image_text).json() == Json::parse(image_text));
}

TEST_CASE("AC-TYPE-18: unknown members survive a rewrite, at every depth") {
    std::string text = image_with_app(R"("x-app": {"a": [1, 2.5, null]},
        "ports": [{"name": "p", "protocol": "tcp", "port": 1, "x-port": true}],
        "mountPoints": [{"name": "m", "path": "/m", "x-point": 0}],
        "environment": [{"name": "E", "value": "", "x-variable": ""}],
        "eventHandlers": [{"name": "pre-start", "exec": ["/bin/true"], "x-handler": []}],
        "isolators": [{"name": "a", "value": 1, "x-isolator": -1}])");
    text = with(text, R"("x-top": 18446744073709551615,
        "labels": [{"name": "version", "value": "1", "x-label": "x"}],
        "dependencies": [{"imageName": "a", "x-dependency": {}}],
        "annotations": [{"name": "a", "value": "b", "x-annotation": 1}])");
    CHECK(ImageManifest::parse(text).json() == Json::parse(text));
}

TEST_CASE("AC-TYPE-19: null for what is optional is as if it were not there") {
    std::string text = image_with(R"("labels": null, "app": null, "dependencies": null, "pathWhitelist": null,
        "annotations": null)");
    CHECK(ImageManifest::parse(text) == ImageManifest::parse(image_text));
    CHECK(image_faults(image_with(R"("name": null)")) == "name: is missing");
}

TEST_CASE("AC-TYPE-20: all faults are told at once, each with its place") {
    CHECK(image_faults(R"({"acKind": "PodManifest", "acVersion": "1", "labels": [{"name": "OS"}, 3],
        "app": {"user": 0, "ports": [{"port": 0}]}, "annotations": {}})") ==
          R"(12 faults:
  acKind: "PodManifest" where "ImageManifest" belongs
  acVersion: "1" is no version such as 1.2.3 or 1.2.3-rc.1+build
  name: is missing
  labels[0].name: "OS" is no identifier: small letters and digits, with single - . _ ~ / between them
  labels[0].value: is missing
  labels[1]: an integer where an object belongs
  app.user: an integer where a string belongs
  app.group: is missing
  app.ports[0].name: is missing
  app.ports[0].protocol: is missing
  app.ports[0].port: 0 is not between 1 and 65535
  annotations: an object where a list belongs)");
    CHECK(image_faults("{\n \"a\": }").starts_with("line 2, column 7: "));
}

TEST_CASE("AC-TYPE-20: what a stranger wrote cannot reach the terminal, nor flood it") {
    CHECK(image_faults(image_with(R"("name": "\u001b[2J\u007f\n")"))
              .starts_with(R"(name: "?[2J??" is no identifier)"));
    std::string many;
    for (int i = 0; i < 100; ++i)
        many += fmt::format("{}{}", i == 0 ? "" : ",", i);
    std::string told = image_faults(image_with(R"("labels": [)" + many + "]"));
    CHECK(told.starts_with("100 faults:\n  labels[0]: "));
    CHECK(told.ends_with("\n  and 36 more"));
    CHECK(image_faults(image_with(R"("name": ")" + std::string(100000, '/') + "\"")).size() < 1000);
}

TEST_CASE("AC-TYPE-18, L21: a member spelled with other capital letters is not read, and told") {
    std::string text = image_with(R"("Labels": 1)");
    CHECK(image_warnings(text) == "Labels: is ignored: the member is spelled \"labels\"");
    CHECK(ImageManifest::parse(text).json() == Json::parse(text));
    CHECK(image_faults(with(without(image_text, "acKind"), R"("ACKIND": "ImageManifest")")) ==
          "acKind: is missing");
}

TEST_CASE("ACI-1, AC-TYPE-4: the kind") {
    CHECK(image_faults(without(image_text, "acKind")) == "acKind: is missing");
    for (auto bad : {"PodManifest", "", "imagemanifest", "ImageManifest "}) {
        CAPTURE(bad);
        CHECK(image_faults(image_with(fmt::format(R"("acKind": "{}")", bad))) ==
              fmt::format(R"(acKind: "{}" where "ImageManifest" belongs)", bad));
    }
}

TEST_CASE("ACI-2, AC-TYPE-6, L4: the version of the spec") {
    CHECK(image_faults(without(image_text, "acVersion")) == "acVersion: is missing");
    for (auto good : {"0.3.0", "0.8.11", "0.8.11+git", "0.8.10-dev", "0.1.0"}) {
        CAPTURE(good);
        CHECK(image_warnings(image_with(fmt::format(R"("acVersion": "{}")", good))).empty());
    }
    for (auto newer : {"0.8.12", "0.9.0", "0.100.0"}) {
        CAPTURE(newer);
        CHECK(image_warnings(image_with(fmt::format(R"("acVersion": "{}")", newer))) ==
              fmt::format("acVersion: {} is newer than 0.8.11, which we follow", newer));
    }
    for (auto other : {"1.0.0", "99.0.0"}) {
        CAPTURE(other);
        CHECK(image_faults(image_with(fmt::format(R"("acVersion": "{}")", other))) ==
              fmt::format("acVersion: {} is of another major version than 0.8.11, which we follow", other));
    }
    CHECK(image_faults(image_with(R"("acVersion": 0.8)")) == "acVersion: a fraction where a string belongs");
    CHECK_FALSE(image_faults(image_with(R"("acVersion": "")")).empty());
}

TEST_CASE("ACI-3: the name") {
    CHECK(image_faults(without(image_text, "name")) == "name: is missing");
    CHECK(image_faults(image_with(R"("name": "")")).starts_with("name: "));
    CHECK(image_faults(image_with(R"("name": "a//b")")).starts_with("name: "));
    CHECK(image_faults(image_with(R"("name": 1)")) == "name: an integer where a string belongs");
}

TEST_CASE("ACI-6: an image without an app is a layer") {
    CHECK_FALSE(ImageManifest::parse(image_text).app);
    CHECK(image_faults(image_with(R"("app": [])")) == "app: a list where an object belongs");
}

TEST_CASE("ACI-8, L17: the path whitelist") {
    CHECK(ImageManifest::parse(image_with(R"("pathWhitelist": [])")).path_whitelist.empty());
    CHECK(image_warnings(image_with(R"("pathWhitelist": ["/a", "/b/"])")).empty());
    CHECK(image_warnings(image_with(R"("pathWhitelist": ["foo"])")) ==
          R"(pathWhitelist: "foo" is not absolute, and is taken for "/foo")");
    CHECK(image_faults(image_with(R"("pathWhitelist": [1])")) ==
          "pathWhitelist[0]: an integer where a string belongs");
    CHECK(image_faults(image_with(R"("pathWhitelist": ["/a\u0000b"])")) ==
          "pathWhitelist[0]: a zero byte in a string");
}

TEST_CASE("ACI-30 to ACI-36: dependencies") {
    for (const auto& row : std::vector<Row>{
             {R"({"imageName": "a"})", ""},
             {R"({"imageName": "a", "size": 0})", ""},
             {R"({"imageName": "a", "imageID": null, "labels": null, "size": null})", ""},
             {R"({"imageName": "a"}, {"imageName": "a"})", ""},
             {R"({})", "dependencies[0].imageName: is missing"},
             {R"({"imageName": "a", "size": -1})",
              "dependencies[0].size: -1 is not between 0 and 9223372036854775807"},
             {R"({"imageName": "a", "size": 1.5})",
              "dependencies[0].size: a fraction where an integer belongs"},
             {R"({"imageName": "a", "size": "1"})",
              "dependencies[0].size: a string where an integer belongs"},
             {R"({"imageName": "a", "labels": [{"name": "name", "value": ""}]})",
              "dependencies[0].labels: a label must not be called \"name\""},
             {R"({"imageName": "a", "imageID": "sha512-"})",
              "dependencies[0].imageID: \"sha512-\" is no image id: sha512- and 128 hexadecimal digits"},
         }) {
        CAPTURE(row.members);
        CHECK(image_faults(image_with(R"("dependencies": [)" + row.members + "]")) == row.told);
    }
    CHECK(image_faults(image_with(R"("dependencies": [{"app": "a"}])")) ==
          "2 faults:\n  dependencies[0].app: is called imageName since version 0.6 of the spec\n"
          "  dependencies[0].imageName: is missing");
}

TEST_CASE("L3: an image id that was left out is warned of where we are lenient, and survives") {
    std::string text = image_with(R"("dependencies": [{"imageName": "a", "imageID": "sha512-..."}])");
    CHECK(image_faults(text).starts_with("dependencies[0].imageID: "));
    CHECK(image_warnings(text, Strictness::Lenient) == "dependencies[0].imageID: the image id was left out");
    CHECK(ImageManifest::parse(text, Strictness::Lenient).json() == Json::parse(text));
}

TEST_CASE("AC-TYPE-17, IMG-18: a manifest is one object, not too large and not too deep") {
    CHECK(image_faults("[]") == "the document is a list, and must be an object");
    CHECK(image_faults(image_text + " x").starts_with("line 1, column "));
    CHECK(image_faults(std::string(limits::manifest_size + 1, ' ')) ==
          "the document has 4194305 bytes, and 4194304 are allowed");
    CHECK(image_faults(image_text + std::string(limits::manifest_size - image_text.size(), ' ')).empty());
    std::string deep =
        std::string(limits::manifest_depth - 1, '[') + std::string(limits::manifest_depth - 1, ']');
    CHECK(image_faults(image_with("\"x\": " + deep)).empty());
    CHECK_THROWS_AS(ImageManifest::parse(R"({"x": [)" + deep + "]}"), Error);
}

TEST_CASE("lists have limits") {
    std::string many = "0";
    for (std::size_t i = 0; i < limits::dependencies; ++i)
        many += ",0";
    CHECK(image_faults(image_with(R"("dependencies": [)" + many + "]")) ==
          "dependencies: has 257 entries, and 256 are allowed");
}
