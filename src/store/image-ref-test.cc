// SPDX-License-Identifier: Apache-2.0

#include "store/image-ref.h"

#include "base/error.h"

#include <doctest/doctest.h>

using namespace rkt;

TEST_CASE("a path is what looks like one") {
    struct Row {
        const char* word;
        const char* path;
    };
    for (auto [word, path] : {Row{"/a/web.aci", "/a/web.aci"}, Row{"./web", "./web"}, Row{"../web", "../web"},
                              Row{"a/./web", "a/./web"}, Row{"web.aci", "web.aci"},
                              Row{"a/web.aci", "a/web.aci"}, Row{"/a/b:1,c=d", "/a/b:1,c=d"},
                              Row{"./a:1.aci", "./a:1.aci"}, Row{"file:///a/web.aci", "/a/web.aci"},
                              Row{"file://localhost/a", "/a"}, Row{"file:///a%20b%2Fc", "/a b/c"}}) {
        ImageRef ref = ImageRef::parse(word);
        REQUIRE(ref.path() != nullptr);
        CHECK(*ref.path() == path);
        CHECK(*ImageRef::parse(ref.str()).path() == std::filesystem::path(ref.str()));
    }
}

TEST_CASE("AC-TYPE-8: an id may be cut short") {
    ImageRef ref = ImageRef::parse("sha512-ab12");
    REQUIRE(ref.id() != nullptr);
    CHECK(ref.str() == "sha512-ab12");
    for (auto bad : {"sha512-", "sha512-a", "sha512-xyz", "sha512-ab:1.0"})
        CHECK_THROWS_AS(ImageRef::parse(bad), Error);
}

TEST_CASE("everything else is a name, with a version and labels") {
    ImageRef ref = ImageRef::parse("example.com/web:1.2,os=linux,arch=amd64");
    REQUIRE(ref.name() != nullptr);
    CHECK(ref.name()->name == "example.com/web");
    CHECK(ref.name()->labels ==
          std::map<std::string, std::string>{{"arch", "amd64"}, {"os", "linux"}, {"version", "1.2"}});
    CHECK(ref.str() == "example.com/web:1.2,arch=amd64,os=linux");
    CHECK(ImageRef::parse("web").str() == "web");
    CHECK(ImageRef::parse("web,version=1").str() == "web:1");
    CHECK(ImageRef::parse("localhost:5000").str() == "localhost:5000");
}

TEST_CASE("what is no name, or could be two things, is refused") {
    for (auto bad :
         {"", "Web", "web,", "web,os", "web,=x", "web:1,version=2", "web,os=a,os=b", "web,name=x", "web_",
          "web.aci:1.aci", "file:web.aci", "file://host/web.aci", "file:///a%2", "file:///a%00"})
        CHECK_THROWS_AS(ImageRef::parse(bad), Error);
}

TEST_CASE("a name that is something else when it is written is refused") {
    for (auto bad : {"web,os=.aci,arch=x", "file,version=x", "docker,version=3", "https,a=b,version=1"})
        CHECK_THROWS_AS(ImageRef::parse(bad), Error);
    CHECK(ImageRef::parse("web,version=1,a=b.aci,b=c").str() == "web:1,a=b.aci,b=c");
}

TEST_CASE("kinds that come later are known and refused") {
    CHECK_THROWS_WITH_AS(ImageRef::parse("docker://redis"),
                         "\"docker://redis\": fetching from docker is not supported yet", Error);
    for (auto later : {"docker:redis", "cimd:docker:v=0:x", "ftp://example.com/web.aci"})
        CHECK_THROWS_AS(ImageRef::parse(later), Error);
}

TEST_CASE("a URL of http or https is one, whatever it ends in") {
    for (auto word :
         {"https://example.com/web.aci", "http://localhost:8080/web?version=1", "https://example.com/"}) {
        ImageRef ref = ImageRef::parse(word);
        REQUIRE(ref.url());
        CHECK(ref.str() == word);
    }
    CHECK(ImageRef::parse("https://EXAMPLE.com").str() == "https://example.com/");
    for (auto bad : {"https:", "http:/x", "https://", "https://me:x@example.com/web.aci"})
        CHECK_THROWS_AS(ImageRef::parse(bad), Error);
}
