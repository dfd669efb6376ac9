// SPDX-License-Identifier: Apache-2.0

#include "fetch/key-search.h"

namespace rkt {

void KeySearch::prepare(const AcIdentifier& name) {
    if (!keys_ || !find_)
        return;
    std::lock_guard lock(mutex_);
    if (names_.insert(name.str()).second && trusted_for(keys_->list().files, name).empty())
        find_(name);
}

} // namespace rkt
