// SPDX-License-Identifier: Apache-2.0

#include "config/pull-policy.h"

#include "base/error.h"

#include <doctest/doctest.h>

using namespace rkt;

namespace {

PullPolicy read(const std::vector<std::string>& words) {
    CommandLine line("x", "");
    PullFlags flags(PullPolicy::New);
    flags.declare(line);
    (void)line.parse(words);
    return flags.read();
}

} // namespace

TEST_CASE("policies have three names and two old ones") {
    CHECK(read({}) == PullPolicy::New);
    CHECK(read({"--pull-policy=never"}) == PullPolicy::Never);
    CHECK(read({"--pull-policy=update"}) == PullPolicy::Update);
    CHECK(read({"--store-only"}) == PullPolicy::Never);
    CHECK(read({"--no-store"}) == PullPolicy::Update);
    CHECK(read({"--no-store", "--pull-policy=update"}) == PullPolicy::Update);
    for (auto policy : {PullPolicy::Never, PullPolicy::New, PullPolicy::Update})
        CHECK(parse_pull_policy(str(policy)) == policy);
}

TEST_CASE("what is no policy, or two, is refused") {
    CHECK_THROWS_WITH_AS((void)read({"--pull-policy=sometimes"}),
                         "--pull-policy takes never, new, update, not sometimes", UsageError);
    CHECK_THROWS_AS((void)read({"--store-only", "--no-store"}), UsageError);
    CHECK_THROWS_AS((void)read({"--store-only", "--pull-policy=update"}), UsageError);
}
