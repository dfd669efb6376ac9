// SPDX-License-Identifier: Apache-2.0
//
// What rkt writes into a pod manifest beside what the spec has words for: annotations that stage0 sets and
// stage1 acts on.

#pragma once

#include "appc/annotations.h"

#include <string_view>

namespace rkt {

// Of an app: when it is started again (systemd.service(5), Restart=).
inline constexpr std::string_view restart_annotation = "coreos.com/rkt/restart";

// Of a pod: when it ends before all of its apps have.
inline constexpr std::string_view exit_policy_annotation = "coreos.com/rkt/exit-policy";

// Of a pod: "true" for one that apps come to and leave while it runs. It goes on whatever becomes of them.
inline constexpr std::string_view mutable_annotation = "coreos.com/rkt/stage1/mutable";

enum class ExitPolicy { OnAnyFailure, OnAny, UntilAll };

// "on-any-failure", "on-any", "until-all". Throws Error that lists them.
ExitPolicy parse_exit_policy(std::string_view word);

// Throws Error for what is no value of Restart=.
void check_restart(std::string_view word);

// As the annotations say, or the default. Throws Error.
ExitPolicy exit_policy_of(const Annotations& pod);
std::string_view restart_of(const Annotations& app); // "no" by default
bool is_mutable(const Annotations& pod);

} // namespace rkt
