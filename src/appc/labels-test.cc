// SPDX-License-Identifier: Apache-2.0

#include "appc/labels.h"

#include "appc/annotations.h"
#include "appc/test-document.h"

#include <doctest/doctest.h>

using namespace rkt;

namespace {

std::string label_list(std::initializer_list<std::pair<const char*, const char*>> labels) {
    Json list = Json::List();
    for (const auto& [name, value] : labels)
        list.append(Json().set("name", name).set("value", value));
    return R"("labels": )" + list.compact();
}

std::string annotation(std::string_view name, std::string_view value) {
    Json list = Json::List();
    list.append(Json().set("name", name).set("value", value));
    return R"("annotations": )" + list.compact();
}

} // namespace

TEST_CASE("AC-TYPE-11, L9: labels") {
    for (const auto& row : std::vector<Row>{
             {R"("labels": [])", ""},
             {R"("labels": [{"name": "version", "value": ""}])", ""},
             {R"("labels": [{"name": "a/b.c", "value": "any text: é"}])", ""},
             {R"("labels": [{"name": "a"}])", "labels[0].value: is missing"},
             {R"("labels": [{"value": "a"}])", "labels[0].name: is missing"},
             {R"("labels": [{"name": "a", "value": 1}])",
              "labels[0].value: an integer where a string belongs"},
             {R"("labels": [{"name": "name", "value": "a"}])", "labels: a label must not be called \"name\""},
             {R"("labels": [{"name": "a", "value": "1"}, {"name": "a", "value": "1"}])",
              "labels: \"a\" is there twice"},
             {R"("labels": [{"value": ""}, {"value": ""}])",
              "2 faults:\n  labels[0].name: is missing\n  labels[1].name: is missing"},
             {R"("labels": {"version": "1"})", "labels: an object where a list belongs"},
         }) {
        CAPTURE(row.members);
        CHECK(image_faults(image_with(row.members)) == row.told);
    }
}

TEST_CASE("AC-TYPE-12, ACI-5, S7: os and arch make a pair") {
    CHECK(image_faults(image_with(label_list({{"os", "linux"}, {"arch", "amd64"}}))).empty());
    CHECK(image_faults(image_with(label_list({{"os", "linux"}}))).empty());
    CHECK(image_faults(image_with(label_list({{"arch", "anything"}}))).empty());
    CHECK(image_faults(image_with(label_list({{"arch", "aarch64_be"}, {"os", "linux"}}))).empty());
    CHECK(image_faults(image_with(label_list({{"os", "plan9"}, {"arch", "amd64"}}))) ==
          "labels: the os \"plan9\" is unknown");
    CHECK(image_faults(image_with(label_list({{"os", "linux"}, {"arch", "arm64"}}))) ==
          "labels: the arch \"arm64\" is unknown for the os linux");
    CHECK(image_faults(image_with(label_list({{"os", ""}}))) == "labels: the os \"\" is unknown");
}

TEST_CASE("AC-TYPE-11: labels that were put together by hand are checked too") {
    Labels labels = {{AcIdentifier::parse("version"), "1"}};
    CHECK_NOTHROW(check_labels(labels));
    put_named(labels, {AcIdentifier::parse("version"), "2"});
    CHECK(*find_label(labels, "version") == "2");
    CHECK(find_label(labels, "os") == nullptr);
    labels.push_back(labels.front());
    CHECK_THROWS_WITH_AS(check_labels(labels), "the label \"version\" is there twice", Error);
    CHECK_THROWS_WITH_AS(check_labels({{AcIdentifier::parse("name"), ""}}),
                         "a label must not be called \"name\"", Error);
}

TEST_CASE("AC-TYPE-13, ACI-45: annotations") {
    for (const auto& row : std::vector<Row>{
             {R"("annotations": [{"name": "example.com/any", "value": ""}])", ""},
             {R"("annotations": [{"name": "a"}])", "annotations[0].value: is missing"},
             {R"("annotations": [{"name": "A", "value": ""}])",
              "annotations[0].name: \"A\" is no identifier: small letters and digits, with single - . _ ~ / "
              "between them"},
             {R"("annotations": [{"name": "a", "value": ""}, {"name": "a", "value": "1"}])",
              "annotations: \"a\" is there twice"},
         }) {
        CAPTURE(row.members);
        CHECK(image_faults(image_with(row.members)) == row.told);
    }
}

TEST_CASE("ACI-40, L19: the time an image was created") {
    CHECK(image_faults(image_with(annotation("created", "2014-10-27T19:32:27.67Z"))).empty());
    for (auto bad :
         {"", "yesterday", "2014-10-27T1:32:27Z", "2014-10-27T19:32:27,5Z", "2014-10-27T19:32:27+25:00"}) {
        CAPTURE(bad);
        CHECK(image_faults(image_with(annotation("created", bad))).starts_with("annotations[0].value: "));
    }
}

TEST_CASE("ACI-41 to ACI-43, L20: addresses need a host") {
    CHECK(image_faults(image_with(annotation("authors", "anyone"))).empty());
    for (auto name : {"homepage", "documentation"}) {
        for (auto good :
             {"http://a", "https://example.com/x?y#z", "https://user@example.com:80", "http://[::1]/"}) {
            CAPTURE(good);
            CHECK(image_faults(image_with(annotation(name, good))).empty());
        }
        for (auto bad :
             {"", "http:", "http://", "https:///x", "https://:80", "https://user@/", "ftp://example.com",
              "example.com", "https://a b", "https://a\nb", "javascript:alert(1)", "x://http://"}) {
            CAPTURE(bad);
            CHECK(image_faults(image_with(annotation(name, bad))).starts_with("annotations[0].value: "));
        }
    }
}

TEST_CASE("ACI-44, L22: whether the app notifies systemd is true or false") {
    const std::string name = "appc.io/executor/supports-systemd-notify";
    CHECK(supports_systemd_notify(ImageManifest::parse(image_with(annotation(name, "true"))).annotations));
    CHECK_FALSE(
        supports_systemd_notify(ImageManifest::parse(image_with(annotation(name, "false"))).annotations));
    CHECK_FALSE(supports_systemd_notify({}));
    CHECK(image_warnings(image_with(annotation(name, "true"))).empty());
    CHECK(image_warnings(image_with(annotation(name, "yes"))) ==
          "annotations[0].value: \"yes\" is taken for false: only true and false are known");
}
