// SPDX-License-Identifier: Apache-2.0

#include "appc/pod-manifest.h"

#include "appc/test-document.h"

#include <doctest/doctest.h>

using namespace rkt;

namespace {

const std::string whole = R"({
    "acKind": "PodManifest",
    "acVersion": "0.8.11",
    "apps": [
        {
            "name": "web",
            "image": {"id": "IMAGE_ID", "name": "example.com/web", "labels": [{"name": "version", "value": "1.0.0"}]},
            "app": {
                "exec": ["/bin/web"], "user": "0", "group": "0",
                "ports": [{"name": "http", "protocol": "tcp", "port": 80}]
            },
            "readOnlyRootFS": true,
            "mounts": [
                {"volume": "work", "path": "/work"},
                {"volume": "own", "path": "/own", "appVolume": {"name": "own", "kind": "empty", "mode": "0700"}}
            ],
            "annotations": [{"name": "foo", "value": "baz"}]
        },
        {"name": "log", "image": {"id": "IMAGE_ID"}}
    ],
    "volumes": [{"name": "work", "kind": "host", "source": "/opt/tenant1/work", "readOnly": true, "recursive": false}],
    "isolators": [{"name": "resource/memory", "value": {"limit": "4G"}}],
    "annotations": [{"name": "ip-address", "value": "10.1.2.3"}],
    "ports": [
        {"name": "http", "hostPort": 8080, "hostIP": "127.0.0.1"},
        {"name": "any", "hostPort": 53, "podPort": {"name": "any", "protocol": "udp", "port": 53}}
    ],
    "userAnnotations": {"foo": "bar"},
    "userLabels": {"environment": "canary"}
})";

std::string whole_text() {
    std::string text = whole;
    for (auto place = text.find("IMAGE_ID"); place != std::string::npos; place = text.find("IMAGE_ID"))
        text.replace(place, 8, id_text);
    return text;
}

void check_faults(const std::vector<Row>& rows) {
    for (const auto& row : rows) {
        CAPTURE(row.members);
        CHECK(pod_faults(pod_with(row.members)) == row.told);
    }
}

// Two apps with the given ports, and the ports of the host.
std::string pod_with_ports(std::string_view first, std::string_view second, std::string_view exposed) {
    std::string apps;
    int count = 0;
    for (std::string_view ports : {first, second})
        apps += fmt::format(R"({}{{"name": "app-{}", "image": {{"id": "{}"}},
                                "app": {{"user": "0", "group": "0", "ports": [{}]}}}})",
                            apps.empty() ? "" : ", ", ++count, id_text, ports);
    return pod_with(fmt::format(R"("apps": [{}], "ports": [{}])", apps, exposed));
}

} // namespace

TEST_CASE("a pod manifest is read whole") {
    auto [pod, warnings] = PodManifest::examine(whole_text());
    CHECK(warnings.empty());
    REQUIRE(pod.apps.size() == 2);
    const RuntimeApp& web = *find_named(pod.apps, "web");
    CHECK(web.image.id->str() == id_text);
    CHECK(*web.image.name == "example.com/web");
    CHECK(*find_label(web.image.labels, "version") == "1.0.0");
    CHECK(web.app->exec.front() == "/bin/web");
    CHECK(web.read_only_rootfs);
    CHECK(web.mounts.at(1).app_volume->mode == 0700);
    CHECK_FALSE(pod.apps[1].app);
    CHECK_FALSE(pod.apps[1].read_only_rootfs);
    CHECK_FALSE(find_named(pod.volumes, "work")->is_recursive());
    CHECK(pod.ports[0].host_ip == "127.0.0.1");
    CHECK(pod.ports[1].pod_port->protocol == "udp");
    CHECK(pod.user_labels.at("environment") == "canary");
}

TEST_CASE("a pod manifest is written as it was read") {
    auto pod = PodManifest::parse(whole_text());
    CHECK(pod.json() == Json::parse(whole_text()));
    CHECK(PodManifest::parse(pod.str()) == pod);
}

TEST_CASE("MDS-10: annotations are written when there are none too") {
    CHECK(PodManifest::parse(pod_text).json() == Json::parse(pod_with(R"("annotations": [])")));
}

TEST_CASE("AC-TYPE-18: unknown members of a pod survive a rewrite, at every depth") {
    std::string text = pod_with_app(R"("x-app": 1, "mounts": [{"volume": "a", "path": "/a", "x-mount": [],
        "appVolume": {"name": "a", "kind": "empty", "x-volume": {}}}])");
    text = with(
        text, R"("x-top": {"a": 0.5}, "annotations": [], "ports": [{"name": "a", "hostPort": 1, "x-port": 1}],
        "volumes": [{"name": "a", "kind": "host", "source": "/a", "x-volume": ""}])");
    CHECK(PodManifest::parse(text).json() == Json::parse(text));
}

TEST_CASE("POD-1: kind and version are required") {
    CHECK(pod_faults(without(pod_text, "acKind")) == "acKind: is missing");
    CHECK(pod_faults(without(pod_text, "acVersion")) == "acVersion: is missing");
    CHECK(pod_faults(pod_with(R"("acKind": "ImageManifest")")) ==
          R"(acKind: "ImageManifest" where "PodManifest" belongs)");
}

TEST_CASE("POD-2, AC-TYPE-19: apps are required, and may be none") {
    CHECK(pod_faults(without(pod_text, "apps")) == "apps: is missing");
    check_faults({
        {R"("apps": [])", ""},
        {R"("apps": null, "volumes": null, "isolators": null, "annotations": null, "ports": null)", ""},
        {R"("apps": {})", "apps: an object where a list belongs"},
    });
}

TEST_CASE("POD-3, L5: every app has a name of its own") {
    const std::string image = R"("image": {"id": ")" + id_text + "\"}";
    check_faults({
        {R"("apps": [{"name": "a", )" + image + R"(}, {"name": "b", )" + image + "}]", ""},
        {R"("apps": [{)" + image + "}]", "apps[0].name: is missing"},
        {R"("apps": [{"name": "a", )" + image + R"(}, {"name": "a", )" + image + "}]",
         "apps: \"a\" is there twice"},
        {R"("apps": [{"name": "example.com/a", )" + image + "}]",
         "apps[0].name: \"example.com/a\" is no name: small letters and digits, with single hyphens between "
         "them"},
    });
}

TEST_CASE("POD-4, AC-TYPE-8, L5: every app has an image with a whole id") {
    check_faults({
        {R"("apps": [{"name": "a"}])", "apps[0].image: is missing"},
        {R"("apps": [{"name": "a", "image": {}}])", "apps[0].image.id: is missing"},
        {R"("apps": [{"name": "a", "image": {"name": "example.com/a"}}])", "apps[0].image.id: is missing"},
        {R"("apps": [{"name": "a", "image": {"id": "sha512-aa"}}])",
         "apps[0].image.id: \"sha512-aa\" is no image id: sha512- and 128 hexadecimal digits"},
        {R"("apps": [{"name": "a", "image": {"name": "A", "id": ")" + id_text + "\"}}]",
         "apps[0].image.name: \"A\" is no identifier: small letters and digits, with single - . _ ~ / "
         "between them"},
        {R"("apps": [{"name": "a", "image": {"labels": [{"name": "os", "value": "x"}], "id": ")" + id_text +
             "\"}}]",
         "apps[0].image.labels: the os \"x\" is unknown"},
    });
}

TEST_CASE("POD-17: a template need not have ids, nor volumes for its mounts") {
    std::string text =
        pod_with(R"("acVersion": "0.3.0", "apps": [{"name": "a", "mounts": [{"volume": "v", "path": "/v"}],
        "image": {"name": "example.com/a", "labels": [{"name": "version", "value": "latest"}]}}])");
    CHECK(pod_faults(text, Strictness::Lenient).empty());
    CHECK(pod_faults(text) ==
          "2 faults:\n  apps[0].image.id: is missing\n  apps: a mounts the volume \"v\", which is not there");
    CHECK(pod_warnings(pod_with(R"("apps": [{"name": "a", "image": {"id": "sha512-..."}}])"),
                       Strictness::Lenient) == "apps[0].image.id: the image id was left out");
}

TEST_CASE("POD-5, POD-6: the app of a pod stands in the place of the image's") {
    CHECK(pod_faults(pod_with_app(R"("app": {"user": "0"})")) == "apps[0].app.group: is missing");
    CHECK(pod_faults(pod_with_app(R"("readOnlyRootFS": "true")")) ==
          "apps[0].readOnlyRootFS: a string where true or false belongs");
}

TEST_CASE("POD-7, ACE-27, ACE-34, L6: mounts") {
    const std::string volumes = R"("volumes": [{"name": "v", "kind": "empty"}])";
    for (const auto& row : std::vector<Row>{
             {R"({"volume": "v", "path": "/a"}, {"volume": "v", "path": "/b"})", ""},
             {R"({"path": "/a"})", "apps[0].mounts[0].volume: is missing"},
             {R"({"volume": "v"})", "apps[0].mounts[0].path: is missing"},
             {R"({"volume": "v", "path": "work"})", "apps[0].mounts[0].path: \"work\" is not absolute"},
             {R"({"volume": "v", "path": "/a/./b"})",
              "apps[0].mounts[0].path: \"/a/./b\" has a \".\", a \"..\" or a slash too many"},
             {R"({"volume": "v", "path": "/a"}, {"volume": "v", "path": "/a/b"})",
              "apps[0].mounts: /a and /a/b overlap"},
             {R"({"volume": "w", "path": "/a"})", "apps: web mounts the volume \"w\", which is not there"},
             {R"({"volume": "w", "path": "/a", "appVolume": {"name": "w", "kind": "empty"}})", ""},
             {R"({"volume": "v", "path": "/a", "appVolume": {"name": "w"}})",
              "apps[0].mounts[0].appVolume.kind: is missing"},
         }) {
        CAPTURE(row.members);
        std::string text = with(pod_with_app(R"("mounts": [)" + row.members + "]"), volumes);
        std::string faults = pod_faults(text);
        // A mount without a readable volume has none in the pod either.
        CHECK(faults.find(row.told) != std::string::npos);
        CHECK(faults.empty() == row.told.empty());
    }
}

TEST_CASE("POD-8, POD-13: annotations of apps and pods are identifiers, once each") {
    const std::string twice =
        R"("annotations": [{"name": "a/b", "value": ""}, {"name": "a/b", "value": ""}])";
    CHECK(pod_faults(pod_with_app(R"("annotations": [{"name": "coreos.com/rkt/x", "value": ""}])")).empty());
    CHECK(pod_faults(pod_with_app(twice)) == "apps[0].annotations: \"a/b\" is there twice");
    CHECK(pod_faults(pod_with(twice)) == "annotations: \"a/b\" is there twice");
}

TEST_CASE("POD-14, L8: ports of the host") {
    const std::string open = R"("apps": [{"name": "a", "image": {"id": ")" + id_text + "\"}}], ";
    for (const auto& row : std::vector<Row>{
             {R"({"name": "a", "hostPort": 1})", ""},
             {R"({"name": "a", "hostPort": 65535, "hostIP": "10.0.0.1"})", ""},
             {R"({"name": "a", "hostPort": 1, "hostIP": null, "podPort": null})", ""},
             {R"({"hostPort": 1})", "ports[0].name: is missing"},
             {R"({"name": "a"})", "ports[0].hostPort: is missing"},
             {R"({"name": "a", "hostPort": 0})", "ports[0].hostPort: 0 is not between 1 and 65535"},
             {R"({"name": "a", "hostPort": 700000})", "ports[0].hostPort: 700000 is not between 1 and 65535"},
             {R"({"name": "a", "hostPort": 1, "hostIP": ""})", "ports[0].hostIP: \"\" is no IPv4 address"},
             {R"({"name": "a", "hostPort": 1, "hostIP": "::1"})",
              "ports[0].hostIP: \"::1\" is no IPv4 address"},
             {R"({"name": "a", "hostPort": 1, "hostIP": "1.2.3"})",
              "ports[0].hostIP: \"1.2.3\" is no IPv4 address"},
             {R"({"name": "a", "hostPort": 1, "hostIP": "256.0.0.1"})",
              "ports[0].hostIP: \"256.0.0.1\" is no IPv4 address"},
             {R"({"name": "a", "hostPort": 1, "podPort": {"name": "a", "port": 1}})",
              "ports[0].podPort.protocol: is missing"},
         }) {
        CAPTURE(row.members);
        CHECK(pod_faults(pod_with(open + R"("ports": [)" + row.members + "]")) == row.told);
    }
}

TEST_CASE("POD-15: the names of ports are unique across the apps") {
    const std::string http = R"({"name": "http", "protocol": "tcp", "port": 80})";
    CHECK(pod_faults(pod_with_ports(http, "", "")).empty());
    CHECK(pod_faults(pod_with_ports(http, http, "")) == "apps: \"http\" is there twice");
}

TEST_CASE("POD-20, L8: no two ports want the same of the host") {
    const std::string tcp = R"({"name": "tcp", "protocol": "tcp", "port": 1, "count": 10})";
    const std::string udp = R"({"name": "udp", "protocol": "udp", "port": 1})";
    for (const auto& row : std::vector<Row>{
             {R"({"name": "tcp", "hostPort": 80}, {"name": "udp", "hostPort": 80})", ""},
             {R"({"name": "tcp", "hostPort": 80}, {"name": "tcp", "hostPort": 90})", ""},
             {R"({"name": "tcp", "hostPort": 80, "hostIP": "10.0.0.1"},
                 {"name": "tcp", "hostPort": 80, "hostIP": "10.0.0.2"})",
              ""},
             {R"({"name": "tcp", "hostPort": 80}, {"name": "tcp", "hostPort": 89})",
              "ports: tcp and tcp want the same port 89 of the host"},
             {R"({"name": "tcp", "hostPort": 80, "hostIP": "10.0.0.1"}, {"name": "tcp", "hostPort": 80})",
              "ports: tcp and tcp want the same port 80 of the host"},
             {R"({"name": "udp", "hostPort": 80},
                 {"name": "own", "hostPort": 80, "podPort": {"name": "own", "protocol": "udp", "port": 5}})",
              "ports: udp and own want the same port 80 of the host"},
             {R"({"name": "tcp", "hostPort": 65526})", ""},
             {R"({"name": "tcp", "hostPort": 65527})",
              "ports: the 10 ports of the host from 65527 on end above 65535"},
             {R"({"name": "nobody", "hostPort": 80})", "ports: no app has a port \"nobody\""},
         }) {
        CAPTURE(row.members);
        CHECK(pod_faults(pod_with_ports(tcp, udp, row.members)) == row.told);
    }
}

TEST_CASE("POD-16: user annotations and labels stand at the top of a pod") {
    check_faults({
        {R"("userAnnotations": {"Any key": ""}, "userLabels": {"b": "c"})", ""},
        {R"("userAnnotations": [])", "userAnnotations: a list where an object belongs"},
        {R"("userLabels": {"a": null})", "userLabels.a: null where a string belongs"},
    });
}
