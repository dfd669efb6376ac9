// SPDX-License-Identifier: Apache-2.0

#include "config/verb.h"

#include "base/error.h"

#include <doctest/doctest.h>

#include <array>

using namespace rkt;

TEST_CASE("a verb is meant by its name, or by a beginning that only it has") {
    constexpr std::array verbs = {Verb{"run", "", nullptr}, Verb{"run-prepared", "", nullptr},
                                  Verb{"rm", "", nullptr}};
    CHECK(find_verb(verbs, "run").name == verbs[0].name);
    CHECK(find_verb(verbs, "run-").name == verbs[1].name);
    CHECK(find_verb(verbs, "rm").name == verbs[2].name);
    CHECK_THROWS_WITH_AS(find_verb(verbs, "r"), "r could be run or run-prepared", UsageError);
    CHECK_THROWS_WITH_AS(find_verb(verbs, "walk"), "there is no verb \"walk\"", UsageError);
    CHECK_THROWS_AS(find_verb(verbs, ""), UsageError);
}
