// SPDX-License-Identifier: Apache-2.0
//
// The verbs of `rkt app` that have a file of their own.

#pragma once

#include "config/verb.h"

namespace rkt {

int app_add(const Words& words);
int app_sandbox(const Words& words);

} // namespace rkt
