// SPDX-License-Identifier: Apache-2.0
//
// The images that are still to be fetched, which become more while some are fetched, and the threads that do
// it.

#pragma once

#include "appc/image-manifest.h"
#include "config/pull-policy.h"
#include "fetch/fetch.h"
#include "fetch/wanted.h"

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace rkt {

struct FetchTask {
    Wanted wanted;
    PullPolicy policy = PullPolicy::Update;
    std::size_t asked = 0; // for which of the images that were asked for
    std::size_t depth = 0; // of dependencies
    std::string needed_by = {};
};

class FetchQueue {
public:
    FetchQueue(std::span<const AskedImage> images, PullPolicy policy);

    // Runs this in several threads; each takes tasks until it is given none, and reports each of them.
    // Returns when everything has been done.
    using Next = std::function<std::optional<FetchTask>()>;
    void work(const std::function<void(const Next& next)>& worker);

    // Those that were not added before. Throws Error if there are too many, or too deep.
    void add_dependencies(const FetchTask& of, const ImageManifest& image);

    void finish(const FetchTask& task, const Fetched& fetched);
    void fail(const FetchTask& task, std::exception_ptr fault);

    // One for each image that was asked for.
    std::vector<Fetched> take_outcomes() { return std::move(outcomes_); }

private:
    std::optional<FetchTask> next();

    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<FetchTask> waiting_ = {};
    std::size_t unfinished_ = 0; // waiting and begun
    std::set<std::string> seen_ = {};
    std::vector<Fetched> outcomes_;
};

} // namespace rkt
