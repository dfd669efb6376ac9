// SPDX-License-Identifier: Apache-2.0
//
// rkt enter: a shell inside an app of a running pod.

#include "cmd-pod/enter-line.h"

namespace rkt {

int enter(const Words& words) {
    EnterLine line("rkt enter [FLAGS] POD [COMMAND …]",
                   "Runs a shell, or a command, in an app of a running pod, as confined as the app.");
    std::optional<Session> session = line.read(words);
    return session ? line.run(*session, "enter") : 0;
}

} // namespace rkt
