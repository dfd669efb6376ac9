// SPDX-License-Identifier: Apache-2.0
//
// Starting and stopping one app of a running pod, by the pod's stage1.

#pragma once

#include "os/process.h"
#include "pod/pods.h"

#include <string>

namespace rkt {

enum class AppAction { Start, Stop, Restart };

// An entry point of stage1 that acts on one app of a running pod, as the contract has it called. Throws Error
// if the pod does not run or its stage1 has no such entry point.
Command app_command(const Pod& pod, const char* entry_point, const std::string& app);

// Returns when it is done, and for a stop when the app's end has been recorded. Throws Error if the pod does
// not run or its stage1 cannot do it.
void control_app(const Pod& pod, AppAction action, const std::string& app);

} // namespace rkt
