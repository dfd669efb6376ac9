// SPDX-License-Identifier: Apache-2.0
//
// rkt: runs images as pods that are systemd machines.

#include "cmd-pod/verb.h"

#include "base/error.h"
#include "base/log.h"

#include <algorithm>

namespace rkt {

namespace {

constexpr int failure = 254; // of rkt itself: apps have all the others

// The verb that is meant: its name, or an unambiguous beginning of it.
const Verb& find_verb(const std::string& word) {
    const Verb* found = nullptr;
    for (const Verb& verb : verbs()) {
        if (word == verb.name)
            return verb;
        if (!std::string_view(verb.name).starts_with(word))
            continue;
        if (found != nullptr)
            throw UsageError("{} could be {} or {}", word, found->name, verb.name);
        found = &verb;
    }
    if (found == nullptr)
        throw UsageError("there is no verb {}", word);
    return *found;
}

int act(const Words& words, std::string& asked) {
    CommandLine line("rkt [FLAGS] VERB …", "");
    GlobalFlags globals;
    globals.declare(line);
    line.stop_at_first_word();
    Words rest = line.parse(words);
    if (line.help_asked())
        return help({});
    if (rest.empty()) {
        help({});
        return 2; // as rkt always ended without a verb
    }
    const Verb& verb = find_verb(rest.front());
    asked = std::string(" ") + verb.name;
    // What stood before the verb is read again with the rest.
    Words all(words.begin(), words.end() - static_cast<std::ptrdiff_t>(rest.size()));
    all.insert(all.end(), rest.begin() + 1, rest.end());
    return verb.act(all);
}

int run_main(const Words& words) {
    std::string asked;
    try {
        return act(words, asked);
    } catch (const UsageError& error) {
        note("{}; see rkt{} --help", error.what(), asked);
    } catch (const std::exception& error) {
        note("{}", error.what());
    }
    return failure;
}

} // namespace

} // namespace rkt

int main(int count, char** words) {
    return rkt::run_main(rkt::Words(words + 1, words + count));
}
