// SPDX-License-Identifier: Apache-2.0
//
// The verbs of `rkt`: one source file each, named as the verb.

#pragma once

#include "cmd-pod/session.h"
#include "config/verb.h"

#include <optional>
#include <span>
#include <string>

namespace rkt {

// Reads a verb's line, the global flags among it, and prints the help when that is asked for.
class VerbLine : public CommandLine {
public:
    VerbLine(const std::string& usage, const std::string& description);

    // Nothing if only the help was wanted. Throws UsageError.
    std::optional<Session> read(const Words& words);

    // For verbs that read the words by something else: after parse().
    std::optional<Session> session() const;

private:
    GlobalFlags globals_ = {};
};

std::span<const Verb> verbs();

int app(const Words& words);
int attach(const Words& words);
int cat_manifest(const Words& words);
int config(const Words& words);
int debug(const Words& words);
int enter(const Words& words);
int exec(const Words& words);
int export_pod(const Words& words);
int gc(const Words& words);
int help(const Words& words);
int list(const Words& words);
int logs(const Words& words);
int metadata_service(const Words& words);
int prepare(const Words& words);
int rm(const Words& words);
int run(const Words& words);
int run_prepared(const Words& words);
int status(const Words& words);
int stop(const Words& words);
int version(const Words& words);

// Verbs of images are rkt-image's.
int fetch(const Words& words);
int image(const Words& words);
int trust(const Words& words);

} // namespace rkt
