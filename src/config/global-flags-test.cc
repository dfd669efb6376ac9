// SPDX-License-Identifier: Apache-2.0

#include "config/global-flags.h"

#include "base/error.h"
#include "os/file.h"
#include "os/temp-dir.h"

#include <doctest/doctest.h>

#include <algorithm>

using namespace rkt;

namespace {

// Nothing is configured where the words do not say so, whatever this host has.
Globals read(std::vector<std::string> words) {
    CommandLine line("test", "");
    GlobalFlags flags;
    flags.declare(line);
    for (std::string flag : {"--system-config=", "--local-config="})
        if (std::ranges::none_of(words, [&](const std::string& word) { return word.starts_with(flag); }))
            words.insert(words.begin(), flag + "/nowhere");
    line.parse(words);
    return flags.read();
}

} // namespace

TEST_CASE("without flags everything is checked and lies where it always lies") {
    Globals globals = read({});
    CHECK(globals.data_dir == "/var/lib/rkt");
    CHECK(globals.insecure.empty());
    CHECK(globals.words == std::vector<std::string>{"--dir=/var/lib/rkt", "--system-config=/nowhere",
                                                    "--local-config=/nowhere"});
    CHECK(ConfigRoots().system == "/usr/lib/rkt");
    CHECK(ConfigRoots().local == "/etc/rkt");
}

TEST_CASE("directories become absolute, and may not be empty") {
    CHECK(read({"--dir=/a/../b/"}).data_dir.lexically_normal() == "/b/");
    CHECK(read({"--dir", "x"}).data_dir.is_absolute());
    CHECK_THROWS_AS(read({"--dir="}), UsageError);
}

TEST_CASE("checks are turned off by name or in groups") {
    CHECK(read({"--insecure-options=image"}).is_insecure("image"));
    CHECK_FALSE(read({"--insecure-options=image"}).is_insecure("tls"));
    CHECK(read({"--insecure-options=TLS,paths"}).insecure ==
          std::set<std::string, std::less<>>{"paths", "tls"});
    CHECK(read({"--insecure-options=all-fetch"}).insecure.size() == 4);
    CHECK(read({"--insecure-options=all-run"}).insecure.size() == 3);
    CHECK(read({"--insecure-options=all"}).insecure.size() == 7);
    CHECK(read({"--insecure-options=none,ondisk"}).insecure.empty());
    CHECK(read({"--insecure-options=image", "--insecure-options=tls"}).insecure.size() == 1);
    for (auto bad : {"--insecure-options=", "--insecure-options=x", "--insecure-options=image,Image"})
        CHECK_THROWS_AS(read({bad}), UsageError);
}

TEST_CASE("another program of ours is told the same") {
    CHECK(read({"--debug", "--dir=/a", "--user-config=/b", "--insecure-options=image"}).words ==
          std::vector<std::string>{"--debug", "--insecure-options=image", "--dir=/a",
                                   "--system-config=/nowhere", "--local-config=/nowhere",
                                   "--user-config=/b"});
}

TEST_CASE("from here on the umask is the usual one, and the caller's is kept") {
    Umask callers(077);
    CHECK(read({}).umask == 077);
    CHECK(read({}).umask == usual_umask);
}

TEST_CASE("the data directory is the configured one where the line names none") {
    TempDir config;
    std::filesystem::create_directory(config.path() / "paths.d");
    write_plainly(config.path() / "paths.d" / "a.json",
                  R"({"rktKind": "paths", "rktVersion": "v1", "data": "/nowhere/../srv/rkt"})");
    std::string flag = "--user-config=" + config.path().native();
    CHECK(read({flag}).data_dir == "/srv/rkt");
    CHECK(read({flag, "--dir=/a"}).data_dir == "/a");

    write_plainly(config.path() / "paths.d" / "b.json", "{");
    CHECK_THROWS_AS(read({flag}), Error);
    CHECK(read({flag, "--dir=/a"}).data_dir == "/a");
}
