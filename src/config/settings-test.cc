// SPDX-License-Identifier: Apache-2.0

#include "config/settings.h"

#include "base/error.h"
#include "os/file.h"
#include "os/temp-dir.h"

#include <doctest/doctest.h>

#include <array>

using namespace rkt;

namespace {

// The three roots, in a directory of their own.
struct Config {
    TempDir dir = {};
    ConfigRoots roots = {
        .system = dir.path() / "system", .local = dir.path() / "local", .user = dir.path() / "user"};

    // The place is "local/auth.d/a.json"; the kind and the version stand before the members.
    void add(const std::string& place, const std::string& kind, const std::string& members) const {
        add_text(place, R"({"rktKind": ")" + kind + R"(", "rktVersion": "v1", )" + members + "}");
    }
    void add_text(const std::string& place, const std::string& text) const {
        std::filesystem::create_directories((dir.path() / place).parent_path());
        write_plainly(dir.path() / place, text, 0600);
    }

    // The fault without the directory that is different every time.
    template <class Read>
    std::string fault(Read read) const {
        try {
            (void)read(roots);
        } catch (const Error& error) {
            std::string text = error.what();
            std::string here = dir.path().native() + "/";
            for (auto at = text.find(here); at != text.npos; at = text.find(here))
                text.erase(at, here.size());
            return text;
        }
        return "";
    }
};

std::string basic(const std::string& domain, const std::string& user) {
    return R"("domains": [")" + domain + R"("], "type": "basic", "credentials": {"user": ")" + user +
           R"(", "password": "hidden key"})";
}

// Who somebody is to a host, or the token; "-" for nobody.
std::string known_as(const AuthSettings& auth, std::string_view host) {
    const Credentials* credentials = auth.find(host);
    if (credentials == nullptr)
        return "-";
    if (const auto* basic = std::get_if<BasicAuth>(credentials))
        return basic->user + ":" + basic->password.reveal();
    return std::get<BearerAuth>(*credentials).token.reveal();
}

} // namespace

TEST_CASE("without files there are no settings") {
    Config config;
    CHECK(read_auth(config.roots).domains.empty());
    CHECK_FALSE(read_paths(config.roots).data);
    CHECK_FALSE(read_stage1(config.roots).image);
    CHECK(read_auth({.system = "/nowhere", .local = "/nowhere"}).registries.empty());
}

TEST_CASE("credentials are for one host and port, and a later root's count") {
    Config config;
    config.add("system/auth.d/a.json", "auth", basic("example.com", "first"));
    config.add("system/auth.d/b.json", "auth", basic("Example.com:8443", "port"));
    config.add("local/auth.d/a.json", "auth", basic("example.com", "second"));
    config.add(
        "user/auth.d/a.json", "auth",
        R"("domains": ["a.example.com", "[::1]:5000"], "type": "oauth", "credentials": {"token": "t"})");
    AuthSettings auth = read_auth(config.roots);
    CHECK(known_as(auth, "example.com") == "second:hidden key");
    CHECK(known_as(auth, "EXAMPLE.com:8443") == "port:hidden key");
    CHECK(known_as(auth, "a.example.com") == "t");
    CHECK(known_as(auth, "[::1]:5000") == "t");
    for (auto host : {"b.example.com", "example.com:443", "com", "", "[::1]"})
        CHECK(known_as(auth, host) == "-");
}

TEST_CASE("registries of Docker have credentials of their own") {
    Config config;
    config.add(
        "local/auth.d/a.json", "dockerAuth",
        R"("registries": ["index.docker.io", "quay.io"], "credentials": {"user": "u", "password": "p"})");
    config.add("local/auth.d/b.json", "auth", basic("quay.io", "other"));
    AuthSettings auth = read_auth(config.roots);
    for (auto host : {"docker.io", "index.docker.io", "registry-1.docker.io", "quay.io"})
        REQUIRE(auth.find_registry(host) != nullptr);
    CHECK(auth.find_registry("Quay.io")->user == "u");
    CHECK(auth.find_registry("quay.io:5000") == nullptr);
    CHECK(known_as(auth, "index.docker.io") == "-");
    CHECK(known_as(auth, "quay.io") == "other:hidden key");
}

TEST_CASE("each path and each half of the choice of a stage1 is set by the last root that names it") {
    Config config;
    config.add("system/paths.d/a.json", "paths", R"("data": "/a", "stage1-images": "/b/")");
    config.add("local/paths.d/a.json", "paths", R"("data": "/c/../d")");
    config.add("system/stage1.d/a.json", "stage1",
               R"("name": "example.com/a", "version": "1", "location": "/a.aci")");
    config.add("user/stage1.d/a.json", "stage1", R"("name": "example.com/b", "version": "2")");
    PathSettings paths = read_paths(config.roots);
    CHECK(paths.data == "/d");
    CHECK(paths.stage1_images == "/b/");
    Stage1Settings stage1 = read_stage1(config.roots);
    REQUIRE(stage1.image);
    CHECK(stage1.image->name == "example.com/b");
    CHECK(stage1.image->version == "2");
    CHECK(stage1.location == "/a.aci");
}

TEST_CASE("only regular files whose names end in .json count") {
    Config config;
    config.add_text("local/paths.d/a.conf", "no JSON");
    std::filesystem::create_directory(config.roots.local / "paths.d/b.json");
    std::filesystem::create_symlink("a.conf", config.roots.local / "paths.d/c.json");
    CHECK_FALSE(read_paths(config.roots).data);
}

TEST_CASE("what is set twice in one directory is refused, and names both files") {
    Config config;
    config.add("local/auth.d/a.json", "auth", basic("example.com", "u"));
    config.add("local/auth.d/b.json", "auth", basic("EXAMPLE.COM", "u"));
    std::string fault = config.fault(read_auth);
    CHECK(fault == "reading local/auth.d/b.json: domains[0]: example.com is set already by "
                   "local/auth.d/a.json");

    config.add("user/paths.d/a.json", "paths", R"("data": "/a")");
    config.add("user/paths.d/b.json", "paths", R"("data": "/a")");
    CHECK(config.fault(read_paths) ==
          "reading user/paths.d/b.json: data: data is set already by user/paths.d/a.json");
}

TEST_CASE("a bad file is named with the place in it") {
    struct Case {
        const char* directory;
        const char* text;
        const char* fault;
    };
    const std::array cases = {
        Case{"auth.d", "{\n \"a\": tru\n}", "line 2, column 7: a word that is not true, false or null"},
        Case{"auth.d", "[]", "the document is a list, and must be an object"},
        Case{"auth.d", R"({"rktKind": "auth"})", "rktVersion: is missing"},
        Case{"auth.d", R"({"rktVersion": "v2", "rktKind": "auth"})", "rktVersion: \"v2\" where v1 belongs"},
        Case{"auth.d", R"({"rktVersion": "v1"})", "rktKind: is missing"},
        Case{"auth.d", R"({"rktVersion": "v1", "rktKind": "paths"})",
             "rktKind: \"paths\" where auth or dockerAuth belongs"},
        Case{"paths.d", R"({"rktVersion": "v1", "rktKind": "auth"})",
             "rktKind: \"auth\" where paths belongs"},
        Case{"paths.d", R"({"rktVersion": "v1", "rktKind": "paths", "data": "a"})",
             "data: \"a\" is not an absolute path"},
        Case{"paths.d", R"({"rktVersion": "v1", "rktKind": "paths", "data": 1})",
             "data: an integer where a string belongs"},
        Case{"stage1.d", R"({"rktVersion": "v1", "rktKind": "stage1", "name": "a"})", "version: is missing"},
        Case{"stage1.d", R"({"rktVersion": "v1", "rktKind": "stage1", "version": "1"})", "name: is missing"},
        Case{"stage1.d", R"({"rktVersion": "v1", "rktKind": "stage1", "location": "a.aci"})",
             "location: \"a.aci\" is neither an absolute path nor a URL of file, http, https or docker"},
        Case{"auth.d", R"({"rktVersion": "v1", "rktKind": "dockerAuth", "registries": ["a"]})",
             "credentials: is missing"},
    };
    for (const Case& each : cases) {
        CAPTURE(each.text);
        Config config;
        config.add_text(std::string("local/") + each.directory + "/a.json", each.text);
        std::string fault = config.fault(read_auth) + config.fault(read_paths) + config.fault(read_stage1);
        CHECK(fault.starts_with(std::string("reading local/") + each.directory + "/a.json: "));
        CHECK(fault.find(each.fault) != fault.npos);
    }
}

TEST_CASE("bad credentials are refused, and what is secret of them is not told") {
    const std::array cases = {
        std::pair(R"("type": "basic", "credentials": {"user": "u", "password": "key\n"})",
                  "credentials.password: holds a control character"),
        std::pair(R"("type": "basic", "credentials": {"user": "u", "password": ["key"]})",
                  "credentials.password: a list where a string belongs"),
        std::pair(R"("type": "basic", "credentials": {"user": "u:v", "password": "key"})",
                  "credentials.user: holds a colon or a control character"),
        std::pair(R"("type": "basic", "credentials": {"user": "u", "password": "<hidden>"})",
                  "credentials.password: is what rkt config shows in place of a secret"),
        std::pair(R"("type": "basic", "credentials": {"user": "u"})", "credentials.password: is missing"),
        std::pair(R"("type": "oauth", "credentials": {"token": "key\u0001"})",
                  "credentials.token: holds a control character"),
        std::pair(R"("type": "oauth", "credentials": {"token": ""})", "credentials.token: is empty"),
        std::pair(R"("type": "oauth")", "credentials: is missing"),
        std::pair(R"("type": "digest", "credentials": {"token": "key"})",
                  "type: \"digest\" where basic or oauth belongs"),
        std::pair(R"("type": "aws", "credentials": {"accessKeyID": "a", "secretAccessKey": "key"})",
                  "type: requests are not signed as aws wants it"),
        std::pair(R"("type": "oauth", "credentials": {"token": "key" "x"})", "line 1, column "),
    };
    for (const auto& [members, expected] : cases) {
        CAPTURE(members);
        Config config;
        config.add("local/auth.d/a.json", "auth", std::string(R"("domains": ["example.com"], )") + members);
        std::string fault = config.fault(read_auth);
        CHECK(fault.find(expected) != fault.npos);
        CHECK(fault.find("key") == fault.npos);
    }
}

TEST_CASE("what is no host is refused") {
    for (auto host : {"", "https://example.com", "example.com/a", "a b", "u@example.com"}) {
        CAPTURE(host);
        Config config;
        config.add("local/auth.d/a.json", "auth", basic(host, "u"));
        std::string fault = config.fault(read_auth);
        CHECK(fault.find("is no HOST or HOST:PORT") != fault.npos);
    }
}
