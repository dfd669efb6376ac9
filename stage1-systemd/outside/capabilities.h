// SPDX-License-Identifier: Apache-2.0
//
// Which of root's powers an app may have (ISO-8 to ISO-11, capabilities(7)).

#pragma once

#include "appc/isolator.h"

#include <set>
#include <string>
#include <vector>

namespace rkt {

using Capabilities = std::set<std::string>; // "CAP_CHOWN", …

// The fourteen that an app has if its isolators do not say otherwise.
const Capabilities& default_capabilities();

// Every one that systemd knows by name.
const Capabilities& all_capabilities();

// Throws Error for a name that is none.
Capabilities capabilities_of(const std::vector<Isolator>& isolators);

// Those that an app which is not root has all the same: what its isolators retain by name.
Capabilities ambient_of(const std::vector<Isolator>& isolators);

// Those that systemd-nspawn does not give a pod by itself. It compiles another system call filter when it has
// to.
Capabilities beyond_pod(const Capabilities& wanted);

// An app that is not root may never become more than it is.
bool no_new_privileges(const std::vector<Isolator>& isolators, bool root);

} // namespace rkt
