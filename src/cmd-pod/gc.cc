// SPDX-License-Identifier: Apache-2.0
//
// rkt gc: removes what has exited.

#include "cmd-pod/verb.h"

#include "base/duration.h"
#include "base/error.h"
#include "stage0/collect.h"

namespace rkt {

int gc(const Words& words) {
    VerbLine line("rkt gc",
                  "Marks pods that have exited, and removes those that were marked long enough ago.");
    CollectOptions options;
    std::string grace_period = "30m";
    std::string expire_prepared = "24h";
    line.option("--grace-period", grace_period, "How long an exited pod is kept once it is marked (30m)");
    line.option("--expire-prepared", expire_prepared, "How long a prepared pod is kept (24h)");
    line.flag("--mark-only", options.mark_only, "Mark, and remove nothing");
    std::optional<Session> session = line.read(words);
    if (!session)
        return 0;
    require_root("gc");
    options.grace_period = parse_duration("--grace-period", grace_period);
    options.expire_prepared = parse_duration("--expire-prepared", expire_prepared);
    Store store = session->store();
    auto tell = [](const Uuid& pod) { fmt::print("Garbage collecting pod \"{}\"\n", pod); };
    return collect_pods(session->pods(), store, options, tell) ? 0 : 254;
}

} // namespace rkt
