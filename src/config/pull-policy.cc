// SPDX-License-Identifier: Apache-2.0

#include "config/pull-policy.h"

#include "base/error.h"

#include <array>
#include <utility>

namespace rkt {

namespace {

constexpr std::array<std::pair<std::string_view, PullPolicy>, 3> policies = {{
    {"never", PullPolicy::Never},
    {"new", PullPolicy::New},
    {"update", PullPolicy::Update},
}};

} // namespace

PullPolicy parse_pull_policy(std::string_view word) {
    for (const auto& [name, policy] : policies)
        if (word == name)
            return policy;
    throw UsageError("--pull-policy takes never, new, update, not {}", word);
}

std::string_view str(PullPolicy policy) noexcept {
    return policies[static_cast<std::size_t>(policy)].first;
}

void PullFlags::declare(CommandLine& line) {
    line.option(
        "--pull-policy", policy_,
        fmt::format("When to look elsewhere than in the store: never, new or update ({})", str(default_)));
    line.flag("--store-only", store_only_, "The same as --pull-policy=never");
    line.flag("--no-store", no_store_, "The same as --pull-policy=update");
}

PullPolicy PullFlags::read() const {
    if (store_only_ && no_store_)
        throw UsageError("--store-only and --no-store contradict each other");
    PullPolicy policy = policy_ ? parse_pull_policy(*policy_) : default_;
    if (!store_only_ && !no_store_)
        return policy;
    PullPolicy other = store_only_ ? PullPolicy::Never : PullPolicy::Update;
    if (policy_ && policy != other)
        throw UsageError("{} and --pull-policy={} contradict each other",
                         store_only_ ? "--store-only" : "--no-store", *policy_);
    return other;
}

} // namespace rkt
