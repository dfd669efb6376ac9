// SPDX-License-Identifier: Apache-2.0
//
// Has keys looked for before an image comes by a name that nobody is trusted for, be it one that was asked
// for or one that another depends on.

#pragma once

#include "appc/name.h"
#include "store/keys.h"

#include <functional>
#include <mutex>
#include <optional>
#include <set>
#include <string>

namespace rkt {

// Finds keys for images of that name, and trusts those that may be: by the user's word, or by where they are
// from.
using FindKeys = std::function<void(const AcIdentifier& name)>;

class KeySearch {
public:
    // Nothing is looked for if no signatures are wanted, or nobody finds keys.
    KeySearch(const std::optional<TrustedKeys>& keys, const FindKeys& find) : keys_(keys), find_(find) {}

    // To be called before the image's signature is verified, by any thread. Each name is looked for once: who
    // comes later waits for the answer. Never are two looked for at a time, since somebody may be asked. What
    // finding throws comes out here.
    void prepare(const AcIdentifier& name);

private:
    const std::optional<TrustedKeys>& keys_;
    const FindKeys& find_;
    std::mutex mutex_;
    std::set<std::string> names_ = {}; // that were looked for
};

} // namespace rkt
