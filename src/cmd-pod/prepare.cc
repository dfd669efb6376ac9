// SPDX-License-Identifier: Apache-2.0
//
// rkt prepare: a pod to be run later.

#include "stage0/prepare.h"

#include "cmd-pod/find-images.h"
#include "cmd-pod/launch-flags.h"
#include "cmd-pod/pod-line.h"
#include "cmd-pod/stage1-flags.h"
#include "cmd-pod/verb.h"

#include "base/error.h"

namespace rkt {

int prepare(const Words& words) {
    VerbLine line("rkt prepare [FLAGS] IMAGE [FLAGS OF THE APP] [-- ARGUMENT … [---]] …",
                  "Makes a pod to be run later, by rkt run-prepared or systemctl start rkt-pod@UUID, and "
                  "prints its UUID.");
    PodLine asked;
    LaunchFlags launch;
    Stage1Flags stage1;
    bool quiet = false;
    asked.declare(line);
    launch.declare(line);
    stage1.declare(line);
    line.flag("--quiet", quiet, "Print nothing but the UUID");
    asked.parse(line, words);
    std::optional<Session> session = line.session();
    if (!session)
        return 0;
    require_root("prepare");
    launch.options(session->globals); // throws for what cannot be, before an image is looked for
    FoundImages images = find_images(*session, asked.apps(), asked.pull_policy());
    stage1.fetch(*session);
    Store store = hold_images(*session, {&images, &stage1.found()});
    PodManifest manifest = compose_pod(store, asked, images.ids);
    PodLock pod =
        prepare(session->pods(), store, manifest, stage1.find(*session, store),
                {.name = asked.pod_name(), .launch_flags = launch.text(), .renderer = image_program()});
    Uuid uuid = pod.uuid();
    finish_preparing(session->pods(), std::move(pod));
    fmt::print("{}\n", uuid);
    return 0;
}

} // namespace rkt
