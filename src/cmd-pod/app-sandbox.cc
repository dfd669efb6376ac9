// SPDX-License-Identifier: Apache-2.0
//
// rkt app sandbox: a pod without apps, for `rkt app add`.

#include "cmd-pod/app-verbs.h"
#include "cmd-pod/launch-flags.h"
#include "cmd-pod/verb.h"

#include "pod/settings.h"
#include "stage0/prepare.h"
#include "stage0/run.h"

namespace rkt {

namespace {

PodManifest empty_pod() {
    PodManifest pod;
    pod.annotations = {{.name = AcIdentifier::parse(mutable_annotation), .value = "true"}};
    return pod;
}

} // namespace

int app_sandbox(const Words& words) {
    VerbLine line("rkt app sandbox [FLAGS]", "Runs a pod without apps, to which rkt app add adds them.");
    LaunchFlags launch;
    PrepareOptions prepared = {.uuid = Uuid::random()};
    std::optional<std::string> uuid_file;
    line.option("--name", prepared.name, "The pod's name");
    launch.declare(line);
    line.option("--uuid-file-save", uuid_file, "Write the pod's UUID to this file");
    std::optional<Session> session = line.read(words);
    if (!session)
        return 0;
    require_root("app sandbox");
    LaunchOptions options = launch.options(session->globals);
    options.is_mutable = true;
    options.print_output = false;
    prepared.uuid_file = uuid_file;
    prepared.umask = session->globals.umask;
    Store store = session->store();
    PodLock pod = prepare(session->pods(), store, empty_pod(), find_stage1(), prepared);
    Launch running(prepared.uuid, prepared.name);
    return run_pod(session->pods(), std::move(store), std::move(pod), running, options, false);
}

} // namespace rkt
