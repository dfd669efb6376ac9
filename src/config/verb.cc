// SPDX-License-Identifier: Apache-2.0

#include "config/verb.h"

#include "base/error.h"

#include <string_view>

namespace rkt {

const Verb& find_verb(std::span<const Verb> verbs, const std::string& word) {
    const Verb* found = nullptr;
    for (const Verb& verb : verbs) {
        if (word == verb.name)
            return verb;
        if (word.empty() || !std::string_view(verb.name).starts_with(word))
            continue;
        if (found != nullptr)
            throw UsageError("{} could be {} or {}", word, found->name, verb.name);
        found = &verb;
    }
    if (found == nullptr)
        throw UsageError("there is no verb \"{}\"", word);
    return *found;
}

} // namespace rkt
