// SPDX-License-Identifier: Apache-2.0

#include "wrap/command-line.h"

#include "base/error.h"

#include <doctest/doctest.h>

using namespace rkt;

namespace {

// A line like rkt's: flags, words, and flags that belong to the word before them.
struct Line {
    bool full = false;
    std::optional<std::string> file;
    std::vector<std::string> seen;
    CommandLine line = {"rkt test", "a test"};

    Line() {
        line.flag("--full", full, "all of it");
        line.option("--file", file, "a file");
        line.each(
            "--name", [this](const std::string& value) { seen.push_back("name=" + value); }, "a name");
        line.maybe(
            "--wait", [this](const std::string& value) { seen.push_back("wait=" + value); }, "wait");
        line.words(
            "WORD", [this](const std::string& value) { seen.push_back(value); }, "words");
    }
};

} // namespace

TEST_CASE("words and the flags between them come in the order of the line") {
    Line line;
    line.line.parse({"--name=a", "x", "--name", "b", "y", "z", "--name=c"});
    CHECK(line.seen == std::vector<std::string>{"name=a", "x", "name=b", "y", "z", "name=c"});
}

TEST_CASE("flags and options go where they are wanted") {
    Line line;
    line.line.parse({"--full", "--file=f"});
    CHECK(line.full);
    CHECK(line.file == "f");
    CHECK_FALSE(Line().full);
}

TEST_CASE("a value may be left out only where that is said") {
    Line line;
    line.line.parse({"--wait", "x"});
    CHECK(line.seen == std::vector<std::string>{"wait=", "x"});
    Line with;
    with.line.parse({"--wait=5s"});
    CHECK(with.seen == std::vector<std::string>{"wait=5s"});
    CHECK_THROWS_AS(Line().line.parse({"--file"}), UsageError);
}

TEST_CASE("a flag that is not known is named") {
    CHECK_THROWS_WITH_AS(Line().line.parse({"--nothing"}),
                         "The following argument was not expected: --nothing", UsageError);
}

TEST_CASE("a line can end at its first word") {
    bool debug = false;
    CommandLine line("rkt", "a test");
    line.flag("--debug", debug, "tell more");
    line.stop_at_first_word();
    CHECK(line.parse({"--debug", "run", "--full", "x"}) == std::vector<std::string>{"run", "--full", "x"});
    CHECK(debug);
}

TEST_CASE("asking for help is no error") {
    Line line;
    line.line.parse({"--help"});
    CHECK(line.line.help_asked());
    CHECK(line.line.help().find("--full") != std::string::npos);
}
