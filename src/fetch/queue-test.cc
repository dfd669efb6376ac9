// SPDX-License-Identifier: Apache-2.0

#include "fetch/queue.h"

#include "base/error.h"
#include "base/text.h"

#include <doctest/doctest.h>

#include <map>

using namespace rkt;

namespace {

// What each image depends on, by names of one letter: {"a", "cd"}.
using Graph = std::map<std::string, std::string>;

ImageManifest manifest_of(const std::string& name, const std::string& dependencies) {
    std::vector<std::string> members;
    for (char dependency : dependencies)
        members.push_back(fmt::format(R"({{"imageName": "example.com/{}"}})", dependency));
    return ImageManifest::parse(fmt::format(
        R"({{"acKind": "ImageManifest", "acVersion": "0.8.11", "name": "example.com/{}", "dependencies": [{}]}})",
        name, join(members, ", ")));
}

std::string short_name(const FetchTask& task) {
    return task.wanted.image.name()->name.str().substr(std::string_view("example.com/").size());
}

// Images that come from nowhere, in the order that is given: each waits for those before it. What is not
// named waits for nobody.
class Run {
public:
    Run(Graph graph, std::string order = "") : graph_(std::move(graph)), order_(std::move(order)) {}

    std::string failing = {}; // these do not come
    std::string fresh = {};   // these are new
    std::string fetched = {}; // in order

    std::vector<Fetched> fetch(const std::string& names) {
        std::vector<AskedImage> asked;
        for (char name : names)
            asked.push_back({.image = ImageRef::parse(fmt::format("example.com/{}", name))});
        FetchQueue queue(asked, PullPolicy::Update);
        queue.work([&](const FetchQueue::Next& next) {
            while (std::optional<FetchTask> task = next())
                take(queue, *task);
        });
        return queue.outcomes();
    }

private:
    void take(FetchQueue& queue, const FetchTask& task) {
        std::string name = short_name(task);
        std::size_t before = order_.find(name);
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return before == std::string::npos || done_ >= before; });
        fetched += name;
        try {
            if (failing.find(name) != std::string::npos)
                throw Error("{} does not come", name);
            queue.add_dependencies(task, manifest_of(name, graph_[name]));
            queue.finish(task, {.is_new = fresh.find(name) != std::string::npos});
        } catch (const Error&) {
            queue.fail(task, std::current_exception());
        }
        ++done_;
        changed_.notify_all();
    }

    Graph graph_;
    std::string order_;
    std::size_t done_ = 0;
    std::mutex mutex_;
    std::condition_variable changed_;
};

std::string fault_of(const Fetched& fetched) {
    try {
        if (fetched.fault)
            std::rethrow_exception(fetched.fault);
    } catch (const Error& error) {
        return error.what();
    }
    return "";
}

} // namespace

TEST_CASE("what several images depend on is fetched once, and what becomes of it is told of each") {
    // Before the second has asked for it, and while it waits.
    for (const char* order : {"asb", "abs"}) {
        CAPTURE(order);
        Run fails({{"a", "s"}, {"b", "s"}}, order);
        fails.failing = "s";
        std::vector<Fetched> outcomes = fails.fetch("abc");
        CHECK(fault_of(outcomes[0]) == "s does not come");
        CHECK(outcomes[1].fault == outcomes[0].fault);
        CHECK_FALSE(outcomes[2].fault);
        CHECK(std::ranges::count(fails.fetched, 's') == 1);

        Run changes({{"a", "s"}, {"b", "s"}}, order);
        changes.fresh = "s";
        outcomes = changes.fetch("abc");
        CHECK(outcomes[0].is_new);
        CHECK(outcomes[1].is_new);
        CHECK_FALSE(outcomes[2].is_new);
    }
}

TEST_CASE("what a shared dependency depends on is told of each, too") {
    Run run({{"a", "s"}, {"s", "t"}, {"t", "u"}, {"b", "xt"}}, "astub");
    run.failing = "u";
    run.fresh = "s";
    std::vector<Fetched> outcomes = run.fetch("ab");
    CHECK(fault_of(outcomes[0]) == "u does not come");
    CHECK(fault_of(outcomes[1]) == "u does not come");
    CHECK(outcomes[0].is_new);
    CHECK_FALSE(outcomes[1].is_new);
}

TEST_CASE("an image's own fault comes before those of what it depends on, and circles end") {
    Run run({{"a", "b"}, {"b", "c"}, {"c", "b"}});
    run.failing = "a";
    CHECK(fault_of(run.fetch("a").front()) == "a does not come");
    Run circle({{"a", "b"}, {"b", "c"}, {"c", "b"}});
    circle.fresh = "c";
    CHECK(circle.fetch("a").front().is_new);
    CHECK(circle.fetched == "abc");
}

TEST_CASE("dependencies that are too many are the fault of who has them") {
    AskedImage asked = {.image = ImageRef::parse("example.com/a")};
    FetchQueue queue({&asked, 1}, PullPolicy::Update);
    queue.work([&](const FetchQueue::Next& next) {
        while (std::optional<FetchTask> task = next()) {
            try {
                std::string name = short_name(*task);
                std::string next_name =
                    name == "a" ? "b0" : fmt::format("b{}", std::stoi(name.substr(1)) + 1);
                queue.add_dependencies(
                    *task,
                    ImageManifest::parse(fmt::format(
                        R"({{"acKind": "ImageManifest", "acVersion": "0.8.11", "name": "example.com/{}",
                        "dependencies": [{{"imageName": "example.com/{}"}}]}})",
                        name, next_name)));
                queue.finish(*task, {});
            } catch (const Error&) {
                queue.fail(*task, std::current_exception());
            }
        }
    });
    CHECK(fault_of(queue.outcomes().front()) == "its dependencies are more than 200 deep");
}
