// SPDX-License-Identifier: Apache-2.0

#include "wrap/html.h"

#include "base/error.h"

#include <doctest/doctest.h>

using namespace rkt;

namespace {

std::string listed(std::string_view page) {
    std::string list;
    for (const HtmlMeta& meta : read_metas(page))
        list += meta.name + "=" + meta.content + ";";
    return list;
}

} // namespace

TEST_CASE("DISC-2: meta tags are found wherever and however they stand") {
    struct Row {
        const char* page;
        const char* metas;
    };
    constexpr Row rows[] = {
        {"<html><head><meta name=\"a\" content=\"x y\"></head></html>", "a=x y;"},
        {"<meta name='a' content='x'/>", "a=x;"},
        {"<META CONTENT=x NAME=a>", "a=x;"},
        {"<p>one<p>two<b><i><meta name=a content=x></b><meta name=b content=y>", "a=x;b=y;"},
        {"<meta name=\"a\" content=\"x &amp; &lt;y&gt; &#122;\">", "a=x & <y> z;"},
        {"<meta name=a\n  content=\"x\n  y\">", "a=x\n  y;"},
        {"<!-- <meta name=a content=x> --><meta name=b content=y>", "b=y;"},
        {"<script>\"<meta name=a content=x>\"</script><meta name=b content=y>", "b=y;"},
        {"<meta charset=utf-8><meta name=a><meta content=x><meta name=b content>", ""},
        {"<body></body></html><meta name=a content=x>", "a=x;"},
        {"", ""},
        {"{\"no\": \"page\"}", ""},
        {"\xff\x01<meta name=a content=x>", "a=x;"},
    };
    for (const Row& row : rows) {
        CAPTURE(std::string(row.page));
        CHECK(listed(row.page) == std::string(row.metas));
    }
}

TEST_CASE("neither depth nor number is without limit") {
    std::string deep;
    for (int i = 0; i < 50000; ++i)
        deep += "<div>";
    CHECK(listed(deep + "<meta name=a content=x>") == "a=x;");
    std::string many;
    for (int i = 0; i < 1000; ++i)
        many += "<meta name=a content=x>";
    CHECK(read_metas(many).size() == 1000);
    CHECK_THROWS_WITH_AS((void)read_metas(many + "<meta name=a content=x>"),
                         "reading a page: it has more than 1000 <meta> tags", Error);
}

TEST_CASE("nothing is loaded for a page, and its own entities are not expanded") {
    CHECK(listed("<!DOCTYPE html [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><meta name=a content=\"&e;\">")
              .find("root") == std::string::npos);
}
