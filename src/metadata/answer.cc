// SPDX-License-Identifier: Apache-2.0

#include "metadata/answer.h"

#include "appc/named.h"
#include "base/text.h"
#include "metadata/form.h"
#include "metadata/published.h"

#include <algorithm>
#include <optional>
#include <string_view>

namespace rkt {

namespace {

constexpr std::string_view version_path = "acMetadata/v1/";

enum class Endpoint {
    PodAnnotations,
    PodAnnotation,
    PodManifest,
    PodUuid,
    AppAnnotations,
    AppAnnotation,
    ImageManifest,
    ImageId,
    Sign,
    Verify,
};

struct Asked {
    Endpoint endpoint;
    std::string app = {};
    std::string name = {}; // of an annotation
};

// The content types are what they are byte by byte (MDS-3), and no answer ends in a newline (MDS-4).
HttpAnswer json(std::string body) {
    return {.type = "application/json", .body = std::move(body)};
}

HttpAnswer text(std::string body) {
    return {.body = std::move(body)};
}

HttpAnswer refusal(int status, std::string_view reason, std::string allow = "") {
    return {.status = status, .body = fmt::format("{}\n", reason), .allow = std::move(allow)};
}

HttpAnswer no_annotation() {
    return refusal(404, "there is no annotation of this name");
}

// MDS-10 to MDS-17, and the annotations by name (MDS-24), whose names may have slashes.
std::optional<Asked> find_of_pod(std::string_view path) {
    constexpr std::string_view annotation = "annotations/";
    if (path == "annotations")
        return Asked{Endpoint::PodAnnotations};
    if (path == "manifest")
        return Asked{Endpoint::PodManifest};
    if (path == "uuid")
        return Asked{Endpoint::PodUuid};
    if (path == "hmac/sign")
        return Asked{Endpoint::Sign};
    if (path == "hmac/verify")
        return Asked{Endpoint::Verify};
    if (path.starts_with(annotation))
        return Asked{.endpoint = Endpoint::PodAnnotation,
                     .name = std::string(path.substr(annotation.size()))};
    return std::nullopt;
}

std::optional<Asked> find_of_app(const std::string& app, std::string_view path) {
    constexpr std::string_view annotation = "annotations/";
    if (path == "annotations")
        return Asked{Endpoint::AppAnnotations, app};
    if (path == "image/manifest")
        return Asked{Endpoint::ImageManifest, app};
    if (path == "image/id")
        return Asked{Endpoint::ImageId, app};
    if (path.starts_with(annotation))
        return Asked{Endpoint::AppAnnotation, app, std::string(path.substr(annotation.size()))};
    return std::nullopt;
}

std::optional<Asked> find_endpoint(std::string_view path) {
    auto slash = path.find('/');
    std::string_view first = path.substr(0, slash);
    std::string_view rest = slash == std::string_view::npos ? "" : path.substr(slash + 1);
    if (first == "pod")
        return find_of_pod(rest);
    slash = rest.find('/');
    if (first != "apps" || slash == std::string_view::npos)
        return std::nullopt;
    return find_of_app(std::string(rest.substr(0, slash)), rest.substr(slash + 1));
}

bool is_signing(Endpoint endpoint) {
    return endpoint == Endpoint::Sign || endpoint == Endpoint::Verify;
}

std::string list_of(const Annotations& annotations) {
    Json::List list;
    for (const Annotation& annotation : annotations)
        list.push_back(annotation.json());
    return Json(std::move(list)).compact();
}

HttpAnswer value_of(const Annotations& annotations, const std::string& name) {
    const std::string* value = find_annotation(annotations, name);
    return value != nullptr ? HttpAnswer{.type = "text/plain", .body = *value} : no_annotation();
}

HttpAnswer sign(const SigningKey& key, const PublishedPod& pod, const Form& form) {
    auto content = form.find("content");
    if (content == form.end())
        return refusal(400, "the form has no field content");
    return text(key.sign(pod.uuid(), content->second));
}

std::optional<Uuid> find_uuid(const std::string& text) {
    try {
        return Uuid::parse(text);
    } catch (const Error&) {
        return std::nullopt;
    }
}

// Any pod may ask, of any other (MDS-25).
HttpAnswer verify(const SigningKey& key, const Form& form) {
    auto content = form.find("content");
    auto uuid = form.find("uuid");
    auto signature = form.find("signature");
    if (content == form.end() || uuid == form.end() || signature == form.end())
        return refusal(400, "the form has not all of content, uuid and signature");
    std::optional<Uuid> signer = find_uuid(uuid->second);
    if (!signer)
        return refusal(400, "the field uuid is no UUID");
    if (!key.verify(*signer, content->second, signature->second))
        return refusal(403, "the signature is not that of this pod and content");
    return text("");
}

HttpAnswer answer_signing(const SigningKey& key, const PublishedPod& pod, Endpoint endpoint,
                          const std::string& body) {
    std::optional<Form> form = parse_form(body);
    if (!form)
        return refusal(400, "the body is no form");
    return endpoint == Endpoint::Sign ? sign(key, pod, *form) : verify(key, *form);
}

HttpAnswer answer_of_app(const PublishedPod& pod, const Asked& asked) {
    PodManifest manifest = pod.manifest();
    const RuntimeApp* app = find_named(manifest.apps, asked.app);
    if (app == nullptr)
        return refusal(404, "the pod has no app of this name");
    switch (asked.endpoint) {
    case Endpoint::ImageManifest:
        return json(pod.image_text(*app));
    case Endpoint::ImageId:
        return text(app->image.id ? app->image.id->str() : "");
    case Endpoint::AppAnnotations:
        return json(list_of(merge_annotations(pod.image(*app).annotations, app->annotations)));
    default:
        return value_of(merge_annotations(pod.image(*app).annotations, app->annotations), asked.name);
    }
}

HttpAnswer answer_of_pod(const PublishedPod& pod, const Asked& asked) {
    switch (asked.endpoint) {
    case Endpoint::PodManifest:
        return json(pod.manifest_text());
    case Endpoint::PodUuid:
        return text(pod.uuid().str());
    case Endpoint::PodAnnotations:
        return json(list_of(pod.manifest().annotations));
    case Endpoint::PodAnnotation:
        return value_of(pod.manifest().annotations, asked.name);
    default:
        return answer_of_app(pod, asked);
    }
}

HttpAnswer answer_to_pod(const SigningKey& key, const PublishedPod& pod, std::string_view path,
                         const HttpCall& call) {
    std::optional<std::string> decoded = decode_percent(path);
    std::optional<Asked> asked = decoded ? find_endpoint(*decoded) : std::nullopt;
    if (!asked)
        return refusal(404, "there is no such endpoint");
    if (is_signing(asked->endpoint))
        return call.method == "POST" ? answer_signing(key, pod, asked->endpoint, call.body)
                                     : refusal(405, "this is asked by POST", "POST");
    if (call.method != "GET" && call.method != "HEAD")
        return refusal(405, "this is asked by GET", "GET, HEAD");
    return answer_of_pod(pod, *asked);
}

} // namespace

HttpAnswer MetadataService::answer(const HttpCall& call) const {
    std::string_view path = std::string_view(call.path).substr(call.path.starts_with('/') ? 1 : 0);
    std::string_view token = path.substr(0, path.find('/'));
    std::optional<PublishedPod> pod = PublishedPod::find(root, token);
    if (!pod)
        return refusal(401, "the URL begins with no token of a pod that runs");
    path.remove_prefix(std::min(token.size() + 1, path.size()));
    if (!path.starts_with(version_path))
        return refusal(404, "there is no such endpoint");
    try {
        return answer_to_pod(key, *pod, path.substr(version_path.size()), call);
    } catch (const NotPublished&) {
        return refusal(404, "the pod or the app is not there any more");
    }
}

} // namespace rkt
