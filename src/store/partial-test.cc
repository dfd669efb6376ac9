// SPDX-License-Identifier: Apache-2.0

#include "store/partial.h"

#include "base/error.h"
#include "os/file.h"
#include "os/temp-dir.h"
#include "store/collect.h"
#include "store/layout.h"

#include <doctest/doctest.h>

#include <atomic>
#include <thread>
#include <vector>

using namespace rkt;
namespace layout = store_layout;

namespace {

const std::string url = "https://example.com/a.aci";

void append(Partial& partial, std::string_view text) {
    partial.append(std::as_bytes(std::span(text)));
}

std::filesystem::path only_entry(const TempDir& dir) {
    return std::filesystem::directory_iterator(dir.path() / layout::tmp)->path();
}

bool is_empty(const TempDir& dir) {
    return std::filesystem::is_empty(dir.path() / layout::tmp);
}

} // namespace

TEST_CASE("what has come so far is there again, with its version") {
    TempDir dir;
    {
        Partial partial = Partial::take(dir.path(), url);
        CHECK(partial.size() == 0);
        CHECK(partial.version().empty());
        partial.begin("\"x\"");
        append(partial, "hel");
    }
    Partial partial = Partial::take(dir.path(), url);
    CHECK(partial.size() == 3);
    CHECK(partial.version() == "\"x\"");
    append(partial, "lo");
    CHECK(read_rest(partial.reader().get(), "x") == "hello");
    CHECK(Partial::take(dir.path(), "https://example.com/b.aci").size() == 0);
}

TEST_CASE("what cannot be continued does not stay") {
    TempDir dir;
    SUBCASE("nothing has come") {
        (void)Partial::take(dir.path(), url);
    }
    SUBCASE("it has no version") {
        Partial partial = Partial::take(dir.path(), url);
        partial.begin("");
        append(partial, "x");
    }
    SUBCASE("it was dropped") {
        Partial partial = Partial::take(dir.path(), url);
        partial.begin("x");
        append(partial, "x");
        partial.drop();
    }
    SUBCASE("it is where it belongs") {
        Partial partial = Partial::take(dir.path(), url);
        partial.begin("x");
        append(partial, "x");
        partial.move_to(Dir::open(dir.path()), "whole");
        CHECK(read_file(dir.path() / "whole") == "x");
    }
    CHECK(is_empty(dir));
}

TEST_CASE("what a machine has lost that was started anew, or nobody knows the version of, begins anew") {
    TempDir dir;
    {
        Partial partial = Partial::take(dir.path(), url);
        partial.begin("x");
        append(partial, "x");
    }
    std::filesystem::path state = only_entry(dir) / "state";
    SUBCASE("another boot") {
        write_plainly(state, R"({"boot":"0","version":"x"})");
    }
    SUBCASE("no state") {
        std::filesystem::remove(state);
    }
    SUBCASE("half a state") {
        write_plainly(state, "{");
    }
    CHECK(Partial::take(dir.path(), url).size() == 0);
}

TEST_CASE("who comes second waits for the first, also when that removes it") {
    TempDir dir;
    std::optional<Partial> first = Partial::take(dir.path(), url);
    std::atomic<bool> has_begun = false;
    std::atomic<bool> has_it = false;
    std::thread second([&] {
        has_begun = true;
        has_begun.notify_one();
        Partial partial = Partial::take(dir.path(), url);
        has_it = true;
    });
    has_begun.wait(false);
    CHECK_FALSE(has_it);
    first.reset();
    second.join();
    CHECK(has_it);
    CHECK(is_empty(dir));
}

TEST_CASE("many at once have it one after the other, whoever removes it meanwhile") {
    TempDir dir;
    std::atomic<int> inside = 0;
    std::atomic<int> faults = 0;
    auto work = [&] {
        for (int round = 0; round < 100; ++round)
            try {
                Partial partial = Partial::take(dir.path(), url);
                faults += inside++;
                --inside;
            } catch (const Error&) {
                ++faults;
            }
    };
    {
        std::vector<std::jthread> workers;
        workers.reserve(4);
        for (int i = 0; i < 4; ++i)
            workers.emplace_back(work);
    }
    CHECK(faults.load() == 0);
    CHECK(is_empty(dir));
}

TEST_CASE("collection leaves what is in use, and what may be continued for a day") {
    TempDir dir;
    auto collect = [&] { Collector::open(dir.path()).finish(); };
    {
        Partial partial = Partial::take(dir.path(), url);
        collect();
        CHECK_FALSE(is_empty(dir));
        partial.begin("x");
        append(partial, "x");
    }
    collect();
    CHECK(Partial::take(dir.path(), url).size() == 1);
    auto now = std::filesystem::file_time_type::clock::now();
    std::filesystem::last_write_time(only_entry(dir) / "archive", now - std::chrono::hours(23));
    collect();
    CHECK_FALSE(is_empty(dir));
    std::filesystem::last_write_time(only_entry(dir) / "archive", now - std::chrono::hours(25));
    collect();
    CHECK(is_empty(dir));
}
