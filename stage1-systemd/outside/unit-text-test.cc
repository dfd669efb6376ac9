// SPDX-License-Identifier: Apache-2.0

#include "stage1-systemd/outside/unit-text.h"

#include "base/error.h"

#include <doctest/doctest.h>

#include <vector>

using namespace rkt;

TEST_CASE("a quoted word is read back by systemd as it was") {
    struct Row {
        std::string word;
        std::string text;
    };
    const Row rows[] = {
        {"", R"("")"},
        {"plain", R"("plain")"},
        {"two words", R"("two words")"},
        {R"(a"b)", R"("a\"b")"},
        {R"(a\nb)", R"("a\\nb")"},
        {"100%n", R"("100%%n")"},
        {"$HOME ${HOME}", R"("$HOME ${HOME}")"}, // not expanded: the colon before the program says so
        {"one\ntwo", R"("one\x0atwo")"},
        {"\t\x1b\x7f", R"("\x09\x1b\x7f")"},
        {"'#;", R"("'#;")"},
        {"gr\u00fc\u00df", "\"gr\u00fc\u00df\""},
    };
    for (const Row& row : rows)
        CHECK(quote(row.word) == row.text);
}

TEST_CASE("words of a list are quoted one by one") {
    CHECK(quote_all(std::vector<std::string>{}).empty());
    CHECK(quote_all(std::vector<std::string>{"a", "", "b c"}) == R"("a" "" "b c")");
}

TEST_CASE("a path alone is refused where it could be read as something else") {
    CHECK(bare_path("/") == "/");
    CHECK(bare_path("/srv/a b/100%") == "/srv/a b/100%%");
    CHECK_THROWS_WITH_AS(bare_path("/a\nUser=0"), R"(the path "/a\x0aUser=0" has a control character)",
                         Error);
    for (const char* path : {"", "relative", "-/a", "~", "/a\\", "/a "})
        CHECK_THROWS_AS(bare_path(path), Error);
}

TEST_CASE("a value that would be another line, or part of one, is refused") {
    CHECK_THROWS_WITH_AS(
        setting("SELinuxContext", "u:r:t:s0\nExecStartPre=+/bin/x"),
        R"(the value "u:r:t:s0\x0aExecStartPre=+/bin/x" of SELinuxContext= has a control character, )"
        "or ends in a backslash",
        Error);
    for (const char* value : {"\n", "a\rb", "\ta", "\x7f", "a\\"})
        CHECK_THROWS_AS(setting("Key", value), Error);
    CHECK(setting("Key", R"("a\x0ab" c\d)") == "Key=\"a\\x0ab\" c\\d\n");
}

TEST_CASE("a text without specifiers is read back as it was") {
    CHECK(without_specifiers("100%n") == "100%%n");
}

TEST_CASE("a line that systemd would refuse is refused here") {
    CHECK(setting("Type", "simple") == "Type=simple\n");
    CHECK_THROWS_WITH_AS(setting("ExecStart", std::string(1024 * 1024, 'x')),
                         "a value of ExecStart= is longer than systemd takes: 1048576 bytes", Error);
}
