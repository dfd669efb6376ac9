// SPDX-License-Identifier: Apache-2.0

#include "cmd-pod/launch-flags.h"

#include "base/error.h"

namespace rkt {

void LaunchFlags::declare(CommandLine& line) {
    line.option("--net", network_, "none: only a loopback of its own; host: the host's network (none)");
    line.option("--hostname", hostname_, "The pod's host name (the machine's name)");
    line.flag("--strict-isolators", strict_isolators_, "Start nothing if an isolator cannot be enforced");
}

LaunchOptions LaunchFlags::options(const Globals& globals) const {
    LaunchOptions options = {
        .hostname = hostname_, .strict_isolators = strict_isolators_, .insecure = globals.insecure};
    options.network = network_.value_or("none");
    if (options.network != "none" && options.network != "host")
        throw UsageError("--net takes none or host, not {}", options.network);
    return options;
}

} // namespace rkt
