// SPDX-License-Identifier: Apache-2.0
//
// Documents for tests: the smallest manifests that are good, with members put in.

#pragma once

#include "appc/image-manifest.h"
#include "appc/pod-manifest.h"
#include "base/error.h"

#include <string>
#include <string_view>
#include <vector>

namespace rkt {

// The members, "" or "\"a\": 1, …", take the place of those of the same name.
inline std::string with(std::string_view document, std::string_view members) {
    Json json = Json::parse(document);
    Json added = Json::parse("{" + std::string(members) + "}");
    for (const auto& [name, value] : added.object())
        json.set(name, value);
    return json.compact();
}

inline std::string without(std::string_view document, std::string_view member) {
    Json::Object members = Json::parse(document).object();
    members.erase(std::string(member));
    return Json(members).compact();
}

inline const std::string image_text =
    R"({"acKind": "ImageManifest", "acVersion": "0.8.11", "name": "example.com/web"})";
inline const std::string app_text = R"({"user": "0", "group": "0"})";
inline const std::string id_text = "sha512-" + std::string(128, 'a');
inline const std::string runtime_app_text = R"({"name": "web", "image": {"id": ")" + id_text + R"("}})";
inline const std::string pod_text = R"({"acKind": "PodManifest", "acVersion": "0.8.11", "apps": []})";

inline std::string image_with(std::string_view members) {
    return with(image_text, members);
}
inline std::string image_with_app(std::string_view members) {
    return image_with(R"("app": )" + with(app_text, members));
}
inline std::string pod_with(std::string_view members) {
    return with(pod_text, members);
}
inline std::string pod_with_app(std::string_view members) {
    return pod_with(R"("apps": [)" + with(runtime_app_text, members) + "]");
}

// What is thrown for a document, without "reading an image manifest: "; empty if it is good.
template <class Manifest>
std::string faults_of(const std::string& text, Strictness strictness = Strictness::Strict) {
    try {
        Manifest::parse(text, strictness);
        return "";
    } catch (const Error& e) {
        std::string_view message = e.what();
        return std::string(message.substr(message.find(": ") + 2));
    }
}

inline std::string image_faults(const std::string& text, Strictness strictness = Strictness::Strict) {
    return faults_of<ImageManifest>(text, strictness);
}
inline std::string pod_faults(const std::string& text, Strictness strictness = Strictness::Strict) {
    return faults_of<PodManifest>(text, strictness);
}

// The warnings, one a line, for a document that is good.
inline std::string image_warnings(const std::string& text, Strictness strictness = Strictness::Strict) {
    return fmt::format("{}", fmt::join(ImageManifest::examine(text, strictness).warnings, "\n"));
}
inline std::string pod_warnings(const std::string& text, Strictness strictness = Strictness::Strict) {
    return fmt::format("{}", fmt::join(PodManifest::examine(text, strictness).warnings, "\n"));
}

// A row of a table: members, and the fault or warning they are to bring; empty for good ones.
struct Row {
    std::string members;
    std::string told;
};

} // namespace rkt
