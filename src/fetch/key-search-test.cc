// SPDX-License-Identifier: Apache-2.0

#include "fetch/key-search.h"

#include "os/temp-dir.h"

#include <doctest/doctest.h>

#include <atomic>
#include <thread>
#include <vector>

using namespace rkt;

namespace {

const std::string fingerprint(40, 'a');

AcIdentifier name(const char* text) {
    return AcIdentifier::parse(text);
}

struct Place {
    TempDir dir = {};
    std::optional<TrustedKeys> keys = TrustedKeys("/nowhere", dir.path());
    std::vector<std::string> asked = {};
    FindKeys find = [this](const AcIdentifier& wanted) { asked.push_back(wanted.str()); };
};

} // namespace

TEST_CASE("keys are looked for where none is trusted, and once a name") {
    Place place;
    place.keys->add(fingerprint, "key", name("example.com/known"));
    KeySearch search(place.keys, place.find);
    for (const char* each :
         {"example.com/known/web", "example.com/web", "example.com/base", "example.com/web"})
        search.prepare(name(each));
    CHECK(place.asked == std::vector<std::string>{"example.com/web", "example.com/base"});
}

TEST_CASE("a key that was found for a name is one for those below it") {
    Place place;
    FindKeys find = [&](const AcIdentifier& wanted) {
        place.find(wanted);
        place.keys->add(fingerprint, "key", wanted);
    };
    KeySearch search(place.keys, find);
    search.prepare(name("example.com/web"));
    search.prepare(name("example.com/web/base"));
    CHECK(place.asked == std::vector<std::string>{"example.com/web"});
}

TEST_CASE("without signatures, or without anybody who finds keys, none are looked for") {
    Place place;
    std::optional<TrustedKeys> none;
    KeySearch(none, place.find).prepare(name("example.com/web"));
    FindKeys nobody;
    KeySearch(place.keys, nobody).prepare(name("example.com/web"));
    CHECK(place.asked.empty());
}

TEST_CASE("of several threads one looks at a time, and nobody goes on before the answer") {
    Place place;
    std::atomic<int> inside = 0;
    std::atomic<int> most = 0;
    FindKeys find = [&](const AcIdentifier& wanted) {
        most = std::max(most.load(), ++inside);
        std::this_thread::yield();
        place.keys->add(fingerprint, "key", wanted);
        --inside;
    };
    KeySearch search(place.keys, find);
    std::atomic<int> without = 0;
    constexpr int count = 8;
    std::vector<std::thread> threads;
    threads.reserve(count);
    for (int i = 0; i < count; ++i)
        threads.emplace_back([&, i] {
            AcIdentifier wanted = name(i % 2 == 0 ? "example.com/web" : "example.com/base");
            search.prepare(wanted);
            without += trusted_for(place.keys->list().files, wanted).empty() ? 1 : 0;
        });
    for (std::thread& thread : threads)
        thread.join();
    CHECK(most == 1);
    CHECK(without == 0);
}
