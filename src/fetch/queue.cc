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

FetchQueue::FetchQueue(std::span<const AskedImage> images, PullPolicy policy) : outcomes_(images.size()) {
    for (std::size_t i = 0; i < images.size(); ++i)
        waiting_.push_back({.wanted = {.image = images[i].image, .signature = images[i].signature},
                            .policy = policy,
                            .asked = i});
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

// A file is read when it is asked for; what it depends on is not asked for by name, and the store will do.
void FetchQueue::add_dependencies(const FetchTask& of, const ImageManifest& image) {
    PullPolicy policy = of.policy;
    if (of.wanted.image.path() != nullptr && policy == PullPolicy::Update)
        policy = PullPolicy::New;
    std::lock_guard lock(mutex_);
    for (const Dependency& dependency : image.dependencies) {
        FetchTask task = {.wanted = Wanted::dependency(dependency),
                          .policy = policy,
                          .asked = of.asked,
                          .depth = of.depth + 1,
                          .needed_by = image.name.str()};
        if (!seen_.insert(task.wanted.key()).second)
            continue;
        if (task.depth > deepest)
            throw Error("its dependencies are more than {} deep", deepest);
        if (seen_.size() > most_images)
            throw Error("there are more than {} dependencies", most_images);
        waiting_.push_back(std::move(task));
        ++unfinished_;
    }
    changed_.notify_all();
}

void FetchQueue::finish(const FetchTask& task, const Fetched& fetched) {
    std::lock_guard lock(mutex_);
    Fetched& outcome = outcomes_[task.asked];
    if (task.depth == 0)
        outcome.id = fetched.id;
    outcome.is_new = outcome.is_new || fetched.is_new;
    --unfinished_;
    changed_.notify_all();
}

void FetchQueue::fail(const FetchTask& task, std::exception_ptr fault) {
    std::lock_guard lock(mutex_);
    Fetched& outcome = outcomes_[task.asked];
    if (!outcome.fault)
        outcome.fault = std::move(fault);
    --unfinished_;
    changed_.notify_all();
}

} // namespace rkt
