// SPDX-License-Identifier: Apache-2.0

#include "base/url.h"

#include "base/error.h"

#include <doctest/doctest.h>

using namespace rkt;

TEST_CASE("a URL is a scheme, a host and a path") {
    Url url = Url::parse("HTTPS://Example.com:8443/a/B.aci?x=1#part");
    CHECK(url.scheme == "https");
    CHECK(url.host == "example.com:8443");
    CHECK(url.path == "/a/B.aci?x=1");
    CHECK(url.str() == "https://example.com:8443/a/B.aci?x=1");
    CHECK(url.file_name() == "B.aci");
    CHECK(Url::parse("http://localhost").str() == "http://localhost/");
    CHECK(Url::parse("http://localhost?ac-discovery=1").str() == "http://localhost/?ac-discovery=1");
    CHECK(Url::parse("http://[::1]:80/x").host == "[::1]:80");
    CHECK(Url::parse("http://localhost/").file_name() == "localhost");
}

TEST_CASE("what is no URL of http or https is refused, with its text") {
    for (const char* bad :
         {"", "http", "http:", "http://", "http:///x", "file:///etc/passwd", "ftp://example.com/x",
          "http://a b/", "http://a/\nx", "http://a/\x80", "http://a:0/", "http://a:65536/", "http://a:x/",
          "http://a:/", "http://[::1/", "http://a]/", "http://ex_a!mple/"}) {
        CAPTURE(bad);
        CHECK_THROWS_AS((void)Url::parse(bad), Error);
    }
    CHECK_THROWS_WITH((void)Url::parse("https://me:secret@example.com/x"),
                      "reading the URL \"https://...@example.com/x\": users and passwords are read from "
                      "auth.d, not from URLs");
}

TEST_CASE("links lead on from a URL (RFC 3986 §5.4)") {
    struct Row {
        const char* link;
        const char* leads_to;
    };
    constexpr Row rows[] = {
        {"g", "http://a/b/c/g"},
        {"./g", "http://a/b/c/g"},
        {"g/", "http://a/b/c/g/"},
        {"/g", "http://a/g"},
        {"//g", "http://g/"},
        {"?y", "http://a/b/c/d?y"},
        {"g?y", "http://a/b/c/g?y"},
        {".", "http://a/b/c/"},
        {"..", "http://a/b/"},
        {"../g", "http://a/b/g"},
        {"../../../g", "http://a/g"},
        {"https://h/x", "https://h/x"},
        {"/a?b=../c", "http://a/a?b=../c"},
        {"g#s", "http://a/b/c/g"},
    };
    Url base = Url::parse("http://a/b/c/d?q");
    for (const Row& row : rows) {
        CAPTURE(row.link);
        CHECK(base.resolve(row.link).str() == row.leads_to);
    }
    CHECK_THROWS_AS((void)base.resolve("file:///etc/passwd"), Error);
    CHECK_THROWS_AS((void)base.resolve("gopher:x"), Error);
}
