// SPDX-License-Identifier: Apache-2.0
//
// rkt rm: removes pods that are not running.

#include "cmd-pod/pod-words.h"
#include "cmd-pod/verb.h"

#include "base/error.h"
#include "base/log.h"
#include "stage0/collect.h"

namespace rkt {

int rm(const Words& words) {
    VerbLine line("rkt rm POD …", "Removes pods that are not running.");
    PodWords pods(line);
    std::optional<Session> session = line.read(words);
    if (!session)
        return 0;
    require_root("rm");
    Store store = session->store();
    int result = 0;
    for (const std::string& word : pods.words()) {
        try {
            Pod pod = session->pods().resolve(word);
            remove_pod(session->pods(), store, pod);
            fmt::print("\"{}\"\n", pod.uuid);
        } catch (const Error& error) {
            note("{}", error.what());
            result = 254;
        }
    }
    return result;
}

} // namespace rkt
