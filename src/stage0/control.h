// SPDX-License-Identifier: Apache-2.0
//
// Starting and stopping one app of a running pod, by the pod's stage1.

#pragma once

#include "pod/pods.h"

#include <string>

namespace rkt {

enum class AppAction { Start, Stop, Restart };

// Returns when it is done. Throws Error if the pod does not run or its stage1 cannot do it.
void control_app(const Pod& pod, AppAction action, const std::string& app);

} // namespace rkt
