// SPDX-License-Identifier: Apache-2.0
//
// rkt cat-manifest: what the pod is, as JSON.

#include "cmd-pod/pod-words.h"
#include "cmd-pod/verb.h"

#include "base/error.h"
#include "os/file.h"
#include "wrap/json.h"

namespace rkt {

int cat_manifest(const Words& words) {
    VerbLine line("rkt cat-manifest POD", "Prints the manifest of a pod.");
    PodWords pods(line);
    std::string pretty = "true";
    line.option("--pretty-print", pretty, "Indented (true) or on one line (false)");
    std::optional<Session> session = line.read(words);
    if (!session)
        return 0;
    Pod pod = pods.one(session->pods());
    Json manifest = Json::parse_object(read_file(pod.layout.manifest()));
    fmt::print("{}\n", pretty == "false" ? manifest.compact() : manifest.pretty());
    return 0;
}

} // namespace rkt
