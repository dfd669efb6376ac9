// SPDX-License-Identifier: Apache-2.0

#include "metadata/answer.h"

#include "os/file.h"
#include "os/temp-dir.h"
#include "pod/metadata.h"

#include <doctest/doctest.h>

using namespace rkt;

namespace {

const std::string id = "sha512-" + std::string(128, 'a');
const std::string uuid = "6a6e2c5a-7c1e-4c37-9d3b-0f1f4f3e2d1c";
const std::string image_text =
    R"({ "acKind": "ImageManifest", "acVersion": "0.8.11", "name": "example.com/web",
 "annotations": [{"name": "one", "value": "image"}, {"name": "authors", "value": "a"}]} )";
const std::string pod_text = R"({"acKind":"PodManifest","acVersion":"0.8.11","annotations":[],"apps":[
    {"name":"web","image":{"id":")" +
                             id +
                             R"("},"annotations":[{"name":"two","value":"pod"},{"name":"one","value":"pod"}]},
    {"name":"plain","image":{"id":")" +
                             id + R"("}}]})";

// A service, and the pods that are published for it, as rkt does it.
struct Service {
    TempDir root;
    TempDir state;
    MetadataService service{root.path(), SigningKey::open(state.path())};

    MetadataToken publish(const std::string& manifest = pod_text, const std::string& of = uuid) const {
        MetadataToken token = MetadataToken::random();
        MetadataLayout pod{root.path() / token.place()};
        std::filesystem::create_directories(pod.images());
        write_plainly(pod.uuid(), of + "\n");
        write_plainly(pod.image_manifest("web"), image_text);
        write_plainly(pod.image_manifest("plain"), image_text);
        write_plainly(pod.manifest(), manifest);
        write_plainly(pod.secret(), token.secret());
        return token;
    }

    HttpAnswer ask(const std::string& method, const std::string& path, const std::string& body = "") const {
        return service.answer({method, path, body});
    }
    HttpAnswer get(const MetadataToken& token, const std::string& path) const {
        return ask("GET", "/" + token.str() + "/acMetadata/v1/" + path);
    }
    HttpAnswer post(const MetadataToken& token, const std::string& path, const std::string& body) const {
        return ask("POST", "/" + token.str() + "/acMetadata/v1/" + path, body);
    }
};

// For a form: base64 has signs that mean something there.
std::string coded(const std::string& text) {
    std::string result;
    for (char c : text)
        result += c == '+' ? "%2B" : c == '/' ? "%2F" : c == '=' ? "%3D" : std::string(1, c);
    return result;
}

constexpr const char* json = "application/json";
constexpr const char* ascii = "text/plain; charset=us-ascii";

} // namespace

TEST_CASE("MDS-3, MDS-4, MDS-10 to MDS-15, MDS-24: each path has its type and its body, byte by byte") {
    Service service;
    MetadataToken token = service.publish();
    struct Row {
        const char* path;
        const char* type;
        std::string body;
    };
    const std::string merged =
        R"([{"name":"one","value":"pod"},{"name":"authors","value":"a"},{"name":"two","value":"pod"}])";
    for (const Row& row : {
             Row{"pod/annotations", json, "[]"},
             Row{"pod/manifest", json, pod_text},
             Row{"pod/uuid", ascii, uuid},
             Row{"apps/web/annotations", json, merged},
             Row{"apps/web/annotations/one", "text/plain", "pod"},
             Row{"apps/web/annotations/authors", "text/plain", "a"},
             Row{"apps/plain/annotations/one", "text/plain", "image"},
             Row{"apps/web/image/manifest", json, image_text},
             Row{"apps/web/image/id", ascii, id},
         }) {
        HttpAnswer answer = service.get(token, row.path);
        CAPTURE(row.path);
        CHECK(answer.status == 200);
        CHECK(answer.type == row.type);
        CHECK(answer.body == row.body);
        CHECK(service.ask("HEAD", "/" + token.str() + "/acMetadata/v1/" + row.path).status == 200);
    }
}

TEST_CASE(
    "MDS-10, MDS-24: a pod's annotations come in their order, and by names with slashes, coded or not") {
    Service service;
    MetadataToken token = service.publish(
        R"({"acKind":"PodManifest","acVersion":"0.8.11","apps":[],"annotations":[
            {"name":"z","value":"1"},{"name":"example.com/a/b","value":"ä\n"}]})");
    CHECK(service.get(token, "pod/annotations").body ==
          R"([{"name":"z","value":"1"},{"name":"example.com/a/b","value":"ä\n"}])");
    CHECK(service.get(token, "pod/annotations/example.com/a/b").body == "ä\n");
    CHECK(service.get(token, "pod/annotations/example.com%2Fa%2Fb").body == "ä\n");
}

TEST_CASE("MDS-23: what is not there, and what is asked in a wrong way, has its status") {
    Service service;
    MetadataToken token = service.publish();
    struct Row {
        const char* method;
        const char* path;
        int status;
        const char* allow;
    };
    for (const Row& row :
         {Row{"GET", "", 404, ""}, Row{"GET", "pod", 404, ""}, Row{"GET", "pod/", 404, ""},
          Row{"GET", "pod/uuid/", 404, ""}, Row{"GET", "pod/annotations/", 404, ""},
          Row{"GET", "pod/annotations/none", 404, ""}, Row{"GET", "pod/%", 404, ""},
          Row{"GET", "apps", 404, ""}, Row{"GET", "apps/web", 404, ""},
          Row{"GET", "apps/none/image/id", 404, ""}, Row{"GET", "apps/none/annotations", 404, ""},
          Row{"GET", "apps/web/annotations/none", 404, ""},
          Row{"GET", "apps/..%2F..%2Fsecret/image/manifest", 404, ""},
          Row{"GET", "apps/../image/manifest", 404, ""}, Row{"POST", "pod/uuid", 405, "GET, HEAD"},
          Row{"PUT", "apps/web/image/id", 405, "GET, HEAD"}, Row{"DELETE", "pod/manifest", 405, "GET, HEAD"},
          Row{"GET", "pod/hmac/sign", 405, "POST"}, Row{"HEAD", "pod/hmac/verify", 405, "POST"}}) {
        HttpAnswer answer = service.ask(row.method, "/" + token.str() + "/acMetadata/v1/" + row.path);
        CAPTURE(row.path);
        CHECK(answer.status == row.status);
        CHECK(answer.allow == row.allow);
        CHECK(answer.type == ascii);
    }
    for (const char* path : {"", "/", "/acMetadata/v1/pod/uuid", "/acMetadata/v2/pod/uuid", "/acMetadata"})
        CHECK(service.ask("GET", "/" + token.str() + path).status ==
              (std::string(path) == "/acMetadata/v1/pod/uuid" ? 200 : 404));
}

TEST_CASE(
    "MDS-2, MDS-23, MDS-25: without the whole token of a pod that is published there is nothing, and 401") {
    Service service;
    MetadataToken token = service.publish();
    MetadataToken other = service.publish();
    std::string mixed = token.place() + other.secret();
    for (const std::string& word :
         {std::string(), std::string("x"), uuid, token.place(), mixed, MetadataToken::random().str(),
          token.str() + "0", ".." + token.str().substr(2)})
        for (const char* path : {"/acMetadata/v1/pod/uuid", "/acMetadata/v1/none", "/", ""})
            CHECK_MESSAGE(service.ask("GET", "/" + word + path).status == 401, word);
    CHECK(service.ask("GET", "").status == 401);
    std::filesystem::remove(service.root.path() / token.place() / "secret");
    CHECK(service.get(token, "pod/uuid").status == 401);
    CHECK(service.get(other, "pod/uuid").status == 200);
}

TEST_CASE("MDS-25: a pod that is being removed is not there; nothing else is told") {
    Service service;
    MetadataToken token = service.publish();
    std::filesystem::remove_all(service.root.path() / token.place() / "images");
    CHECK(service.get(token, "apps/web/image/manifest").status == 404);
    CHECK(service.get(token, "apps/web/annotations").status == 404);
}

TEST_CASE(
    "MDS-16, MDS-17, MDS-21: what one pod signs every other can verify, as that pod's and nobody else's") {
    Service service;
    MetadataToken signer = service.publish();
    MetadataToken other = service.publish(pod_text, "00000000-7c1e-4c37-9d3b-0f1f4f3e2d1c");
    HttpAnswer answer = service.post(signer, "pod/hmac/sign", "content=a%00b%26");
    CHECK(answer.status == 200);
    CHECK(answer.type == ascii);
    CHECK(answer.body.size() == 88);
    std::string signature = coded(answer.body);
    HttpAnswer good =
        service.post(other, "pod/hmac/verify", "content=a%00b%26&uuid=" + uuid + "&signature=" + signature);
    CHECK(good.status == 200);
    CHECK(good.type == ascii);
    CHECK(good.body.empty());
    struct Row {
        std::string body;
        int status;
    };
    for (const Row& row :
         {Row{"content=a&uuid=" + uuid + "&signature=" + signature, 403},
          Row{"content=a%00b%26&uuid=00000000-7c1e-4c37-9d3b-0f1f4f3e2d1c&signature=" + signature, 403},
          Row{"content=a%00b%26&uuid=" + uuid + "&signature=", 403},
          Row{"content=a%00b%26&uuid=" + uuid + "&signature=AAAA", 403},
          Row{"content=a%00b%26&uuid=none&signature=" + signature, 400},
          Row{"content=a%00b%26&uuid=" + uuid, 400}, Row{"uuid=" + uuid + "&signature=" + signature, 400},
          Row{"content=%", 400}, Row{"", 400}})
        CHECK_MESSAGE(service.post(other, "pod/hmac/verify", row.body).status == row.status, row.body);
    for (const char* body : {"", "contents=a", "content=%4", "content=a&content=b"})
        CHECK_MESSAGE(service.post(signer, "pod/hmac/sign", body).status == 400, body);
}
