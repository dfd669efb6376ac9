// SPDX-License-Identifier: Apache-2.0
//
// rkt: runs images as pods that are systemd machines.

#include "cmd-pod/verb.h"

#include "base/error.h"
#include "base/log.h"

namespace rkt {

namespace {

constexpr int failure = 254; // of rkt itself: apps have all the others

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
    const Verb& verb = find_verb(verbs(), rest.front());
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
