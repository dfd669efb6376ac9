// SPDX-License-Identifier: Apache-2.0

#include "pod/settings.h"

#include "base/error.h"

#include <algorithm>
#include <array>

namespace rkt {

ExitPolicy parse_exit_policy(std::string_view word) {
    if (word == "on-any-failure")
        return ExitPolicy::OnAnyFailure;
    if (word == "on-any")
        return ExitPolicy::OnAny;
    if (word == "until-all")
        return ExitPolicy::UntilAll;
    throw Error("\"{}\" is no exit policy: on-any-failure, on-any and until-all are known", word);
}

void check_restart(std::string_view word) {
    constexpr std::array known = {"no",          "on-success", "on-failure", "on-abnormal",
                                  "on-watchdog", "on-abort",   "always"};
    if (std::ranges::find(known, word) == known.end())
        throw Error("\"{}\" says not when an app is started again: {} are known", word,
                    fmt::join(known, ", "));
}

ExitPolicy exit_policy_of(const Annotations& pod) {
    const std::string* word = find_annotation(pod, exit_policy_annotation);
    return word != nullptr ? parse_exit_policy(*word) : ExitPolicy::OnAnyFailure;
}

std::string_view restart_of(const Annotations& app) {
    const std::string* word = find_annotation(app, restart_annotation);
    if (word == nullptr)
        return "no";
    check_restart(*word);
    return *word;
}

bool is_mutable(const Annotations& pod) {
    const std::string* word = find_annotation(pod, mutable_annotation);
    return word != nullptr && *word == "true";
}

} // namespace rkt
