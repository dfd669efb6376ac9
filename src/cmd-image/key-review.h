// SPDX-License-Identifier: Apache-2.0
//
// Keys as people look at them, before they trust them and afterwards.

#pragma once

#include "appc/name.h"
#include "wrap/openpgp.h"

#include <optional>
#include <string>

namespace rkt {

// "0123 4567 …"
std::string in_groups(const std::string& fingerprint);

// Shows a key on stderr and asks there whether it is to be trusted; "yes" and "no" are answers, and the end
// of the input is no. Throws Error unless our input and stderr are a terminal.
bool review_key(const PublicKey& key, const std::string& origin, const std::optional<AcIdentifier>& prefix);

// Why signatures by the key prove nothing, if so: "revoked", "expired", "weak".
std::optional<std::string> weakness_of(const PublicKey& key);

} // namespace rkt
