// SPDX-License-Identifier: Apache-2.0
//
// Keys as people look at them, before they trust them and afterwards.

#pragma once

#include "appc/name.h"
#include "fetch/key-document.h"
#include "store/keys.h"
#include "wrap/openpgp.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace rkt {

// "0123 4567 …"
std::string in_groups(const std::string& fingerprint);

// Shows a key on stderr and asks there whether it is to be trusted; "yes" and "no" are answers, and the end
// of the input is no. Throws Error unless our input and stderr are a terminal.
bool review_key(const PublicKey& key, const std::string& origin, const std::optional<AcIdentifier>& prefix);

// Why signatures by the key prove nothing, if so: "revoked", "expired", "weak".
std::optional<std::string> weakness_of(const PublicKey& key);

// Trusts each key of the document for the prefix, unasked or when somebody says yes. Gives the files that
// hold them; of those that are not trusted a line tells. Throws Error where nobody can be asked.
std::vector<std::filesystem::path> trust_keys(const TrustedKeys& keys, const KeyDocument& document,
                                              const std::optional<AcIdentifier>& prefix, bool unasked);

} // namespace rkt
