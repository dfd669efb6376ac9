// SPDX-License-Identifier: Apache-2.0

#include "fetch/queue.h"

#include "base/error.h"

#include <algorithm>
#include <thread>

namespace rkt {

namespace {

constexpr std::size_t most_threads = 4;

// As many as can lie one over the other when a pod is made of them.
constexpr std::size_t deepest = 200;
constexpr std::size_t most_images = 1000;

} // namespace

FetchQueue::FetchQueue(std::span<const AskedImage> images, PullPolicy policy)
    : asked_(images.size()), parts_(images.size()) {
    for (std::size_t i = 0; i < images.size(); ++i)
        waiting_.push_back({.wanted = {.image = images[i].image, .signature = images[i].signature},
                            .policy = policy,
                            .part = i});
    unfinished_ = waiting_.size();
}

std::optional<FetchTask> FetchQueue::next() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return !waiting_.empty() || unfinished_ == 0; });
    if (waiting_.empty())
        return std::nullopt;
    FetchTask task = std::move(waiting_.front());
    waiting_.pop_front();
    return task;
}

void FetchQueue::work(const std::function<void(const Next& next)>& worker) {
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < most_threads; ++i)
        threads.emplace_back([&] { worker([this] { return next(); }); });
    for (std::thread& thread : threads)
        thread.join();
}

void FetchQueue::check_limits(const FetchTask& of) const {
    if (of.depth >= deepest)
        throw Error("its dependencies are more than {} deep", deepest);
    if (dependencies_.size() >= most_images)
        throw Error("there are more than {} dependencies", most_images);
}

// A file is read when it is asked for; what it depends on is not asked for by name, and the store will do.
void FetchQueue::add_dependencies(const FetchTask& of, const ImageManifest& image) {
    PullPolicy policy = of.policy;
    if (of.wanted.image.path() != nullptr && policy == PullPolicy::Update)
        policy = PullPolicy::New;
    std::lock_guard lock(mutex_);
    for (const Dependency& dependency : image.dependencies) {
        Wanted wanted = Wanted::dependency(dependency);
        auto known = dependencies_.find(wanted.key());
        if (known == dependencies_.end()) {
            check_limits(of);
            known = dependencies_.emplace(wanted.key(), parts_.size()).first;
            parts_.emplace_back();
            waiting_.push_back({.wanted = std::move(wanted),
                                .policy = policy,
                                .part = known->second,
                                .depth = of.depth + 1,
                                .needed_by = image.name.str()});
            ++unfinished_;
        }
        parts_[of.part].dependencies.push_back(known->second);
    }
    changed_.notify_all();
}

void FetchQueue::finish(const FetchTask& task, const Fetched& fetched) {
    std::lock_guard lock(mutex_);
    parts_[task.part].outcome = fetched;
    --unfinished_;
    changed_.notify_all();
}

void FetchQueue::fail(const FetchTask& task, std::exception_ptr fault) {
    std::lock_guard lock(mutex_);
    parts_[task.part].outcome.fault = std::move(fault);
    --unfinished_;
    changed_.notify_all();
}

// Its own fault is the first, and those of its dependencies come in their order.
Fetched FetchQueue::outcome(std::size_t asked) const {
    Fetched all = {.id = parts_[asked].outcome.id};
    std::vector<bool> seen(parts_.size());
    std::deque<std::size_t> waiting = {asked};
    while (!waiting.empty()) {
        std::size_t at = waiting.front();
        waiting.pop_front();
        if (seen[at])
            continue;
        seen[at] = true;
        const Part& part = parts_[at];
        all.is_new = all.is_new || part.outcome.is_new;
        if (!all.fault)
            all.fault = part.outcome.fault;
        waiting.insert(waiting.end(), part.dependencies.begin(), part.dependencies.end());
    }
    return all;
}

std::vector<Fetched> FetchQueue::outcomes() const {
    std::vector<Fetched> all;
    all.reserve(asked_);
    for (std::size_t i = 0; i < asked_; ++i)
        all.push_back(outcome(i));
    return all;
}

} // namespace rkt
