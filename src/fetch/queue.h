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
#include <map>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace rkt {

struct FetchTask {
    Wanted wanted;
    PullPolicy policy = PullPolicy::Update;
    std::size_t part = 0;  // which of the queue's: those that were asked for are the first
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

    // What was added before is not fetched again, and is this image's all the same. Throws Error if there are
    // too many, or too deep.
    void add_dependencies(const FetchTask& of, const ImageManifest& image);

    void finish(const FetchTask& task, const Fetched& fetched);
    void fail(const FetchTask& task, std::exception_ptr fault);

    // One for each image that was asked for: new if it is, or anything that it depends on, and with the fault
    // of it, or of that. To be called when all work is done.
    std::vector<Fetched> outcomes() const;

private:
    // An image that was asked for, or a dependency, which may be several images'.
    struct Part {
        Fetched outcome = {};
        std::vector<std::size_t> dependencies = {};
    };

    std::optional<FetchTask> next();
    void check_limits(const FetchTask& of) const;
    Fetched outcome(std::size_t asked) const;

    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<FetchTask> waiting_ = {};
    std::size_t unfinished_ = 0; // waiting and begun
    std::size_t asked_;          // so many of the parts were
    std::vector<Part> parts_;
    std::map<std::string, std::size_t> dependencies_ = {}; // by what is wanted
};

} // namespace rkt
