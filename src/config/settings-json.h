// SPDX-License-Identifier: Apache-2.0
//
// The settings as JSON: what all files together say.

#pragma once

#include "config/settings.h"
#include "wrap/json.h"

namespace rkt {

// An object with the list "stage0", whose entries are what a file might hold: one for each domain and for
// each registry, and one for the paths and for stage1 where they are set. Secrets are not in it.
Json settings_json(const AuthSettings& auth, const PathSettings& paths, const Stage1Settings& stage1);

} // namespace rkt
