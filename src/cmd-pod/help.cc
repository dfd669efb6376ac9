// SPDX-License-Identifier: Apache-2.0
//
// rkt help: lists the verbs.

#include "cmd-pod/verb.h"

#include "base/error.h"
#include "base/table.h"

namespace rkt {

int help(const Words&) {
    std::vector<Row> rows;
    for (const Verb& verb : verbs())
        rows.push_back({std::string("  ") + verb.name, verb.summary});
    fmt::print("rkt runs application images as pods that are systemd machines.\n\n"
               "Usage: rkt [FLAGS] VERB …\n\nVerbs:\n{}\n"
               "rkt VERB --help says more of each; so do the man pages, rkt(1) first.\n",
               align(rows));
    return 0;
}

} // namespace rkt
