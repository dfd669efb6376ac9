// SPDX-License-Identifier: Apache-2.0
//
// rkt exec: a command inside an app of a running pod.

#include "cmd-pod/enter-line.h"

#include "base/error.h"

namespace rkt {

int exec(const Words& words) {
    EnterLine line("rkt exec [FLAGS] POD COMMAND …",
                   "Runs a command in an app of a running pod, as confined as the app.");
    line.declare_command_flags();
    std::optional<Session> session = line.read(words);
    if (!session)
        return 0;
    if (!line.has_command())
        throw UsageError("no command is named");
    return line.run(*session, "exec");
}

} // namespace rkt
