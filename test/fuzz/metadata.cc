// SPDX-License-Identifier: Apache-2.0
//
// What an app asks the metadata service: "METHOD PATH", a newline, and a body.

#include "target.h"

#include "metadata/answer.h"
#include "metadata/form.h"
#include "os/file.h"
#include "os/temp-dir.h"
#include "pod/metadata.h"

#include <algorithm>
#include <array>
#include <filesystem>

namespace rkt::fuzz {

namespace {

constexpr std::string_view uuid = "6a6e2c5a-7c1e-4c37-9d3b-0f1f4f3e2d1c";
constexpr std::string_view image = R"({"acKind": "ImageManifest", "acVersion": "0.8.11",
    "name": "example.com/web", "annotations": [{"name": "authors", "value": "a"}]})";
constexpr std::string_view pod = R"({"acKind": "PodManifest", "acVersion": "0.8.11",
    "annotations": [{"name": "example.com/a", "value": "1"}],
    "apps": [{"name": "web", "image": {"id": "sha512-{}"}, "annotations": [{"name": "b", "value": "2"}]}]})";

// A pod that is published, which all that is asked is about.
struct Published {
    TempDir root = {};
    TempDir state = {};
    MetadataToken token = *MetadataToken::parse(std::string(64, 'a'));
    MetadataService service{root.path(), SigningKey::open(state.path())};

    Published() {
        MetadataLayout files{root.path() / token.place()};
        std::string manifest(pod);
        manifest.replace(manifest.find("{}"), 2, std::string(128, 'a'));
        std::filesystem::create_directories(files.images());
        write_plainly(files.uuid(), std::string(uuid));
        write_plainly(files.image_manifest("web"), std::string(image));
        write_plainly(files.manifest(), manifest);
        write_plainly(files.secret(), token.secret());
    }
};

std::string coded(std::string_view text) {
    std::string result;
    for (char c : text)
        result += fmt::format("%{:02x}", static_cast<unsigned char>(c));
    return result;
}

HttpAnswer ask(const Published& published, const HttpCall& call) {
    constexpr std::array statuses = {200, 400, 401, 403, 404, 405};
    HttpAnswer answer = published.service.answer(call);
    require(std::ranges::find(statuses, answer.status) != statuses.end(),
            "an answer has a status that is said");
    require((answer.status == 405) == !answer.allow.empty(),
            "who asks by the wrong method is told the right one");
    return answer;
}

// What was signed for the pod is verified, and nothing but it.
void sign(const Published& published, const std::string& place, const std::string& body) {
    HttpAnswer signature = ask(published, {"POST", place + "pod/hmac/sign", body});
    if (signature.status != 200)
        return;
    std::string form = body + "&uuid=" + std::string(uuid) + "&signature=" + coded(signature.body);
    std::optional<Form> fields = parse_form(form);
    if (!fields) // the body had one of these already
        return;
    HttpCall call = {"POST", place + "pod/hmac/verify", form};
    require(ask(published, call).status == 200, "what was signed is verified");
    call.body += "%00";
    require(ask(published, call).status == 403, "another signature is none");
}

} // namespace

void read(std::string_view bytes) {
    static const Published published;
    require(decode_percent(coded(bytes)) == bytes, "what was coded is decoded");
    std::size_t line = std::min(bytes.find('\n'), bytes.size());
    std::size_t blank = std::min(bytes.find(' '), line);
    std::string method(bytes.substr(0, blank));
    std::string path(bytes.substr(std::min(blank + 1, line), line - std::min(blank + 1, line)));
    std::string body(bytes.substr(std::min(line + 1, bytes.size())));
    std::string token = "/" + published.token.str();
    HttpAnswer answer = ask(published, {method, path, body});
    require(answer.status == 401 || path.starts_with(token) || path.starts_with(token.substr(1)),
            "who has no token is told nothing");
    ask(published, {method, token + path, body});
    ask(published, {method, token + "/acMetadata/v1" + path, body});
    sign(published, token + "/acMetadata/v1/", body);
}

} // namespace rkt::fuzz
