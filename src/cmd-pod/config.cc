// SPDX-License-Identifier: Apache-2.0
//
// rkt config: what all files of the configuration say together.

#include "config/settings-json.h"

#include "cmd-pod/verb.h"

#include "base/error.h"

namespace rkt {

int config(const Words& words) {
    VerbLine line(
        "rkt config [FLAGS]",
        "Prints what is configured, as files of the configuration would say it. Secrets are hidden.");
    bool pretty = true;
    line.flag("--pretty-print", pretty, "Over several lines; --pretty-print=false for one");
    std::optional<Session> session = line.read(words);
    if (!session)
        return 0;
    const ConfigRoots& roots = session->globals.config;
    Json json = settings_json(read_auth(roots), read_paths(roots), read_stage1(roots));
    fmt::print("{}\n", pretty ? json.pretty() : json.compact());
    return 0;
}

} // namespace rkt
