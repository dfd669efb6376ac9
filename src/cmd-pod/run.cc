// SPDX-License-Identifier: Apache-2.0
//
// rkt run: images become a running pod.

#include "stage0/run.h"

#include "cmd-pod/find-images.h"
#include "cmd-pod/launch-flags.h"
#include "cmd-pod/pod-line.h"
#include "cmd-pod/stage1-flags.h"
#include "cmd-pod/verb.h"

#include "base/error.h"
#include "os/process.h"
#include "stage0/prepare.h"
#include "stage0/service.h"

namespace rkt {

namespace {

// The name where there is one: what people will look for in `systemctl`.
std::string word_of(const PrepareOptions& options, const Uuid& uuid) {
    return options.name.value_or(uuid.str());
}

int run_detached(const Session& session, PodLock pod, const PrepareOptions& options) {
    Uuid uuid = pod.uuid();
    finish_preparing(session.pods(), std::move(pod));
    start_service({.data_dir = session.dir(),
                   .program = std::filesystem::read_symlink("/proc/self/exe"),
                   .pod = word_of(options, uuid)});
    fmt::print("{}\n", uuid);
    return 0;
}

} // namespace

int run(const Words& words) {
    VerbLine line("rkt run [FLAGS] IMAGE [FLAGS OF THE APP] [-- ARGUMENT … [---]] …",
                  "Runs images in one pod.");
    PodLine asked;
    LaunchFlags launch;
    Stage1Flags stage1;
    bool detached = false;
    std::optional<std::string> uuid_file;
    asked.declare(line);
    launch.declare(line);
    stage1.declare(line);
    line.flag("--detach", detached, "Run the pod as a service of systemd, and print its UUID");
    line.option("--uuid-file-save", uuid_file, "Write the pod's UUID to this file");
    asked.parse(line, words);
    std::optional<Session> session = line.session();
    if (!session)
        return 0;
    require_root("run");
    LaunchOptions options = launch.options(session->globals);
    if (detached && !launch.is_default())
        throw UsageError("--net, --hostname, --dns, --hosts-entry, --private-users, --mds-register, "
                         "--interactive and "
                         "--strict-isolators cannot be given with --detach yet");
    if (launch.is_interactive() && asked.apps().size() > 1) // before an image is looked for
        throw UsageError("--interactive is for a pod of one app, and there are {}", asked.apps().size());
    PrepareOptions prepared = {.uuid = Uuid::random(),
                               .name = asked.pod_name(),
                               .uuid_file = uuid_file,
                               .renderer = image_program()};
    std::vector<ImageId> images = find_images(*session, asked.apps(), asked.pull_policy());
    stage1.fetch(*session);
    std::optional<Launch> running;
    if (!detached && !prepared.name)
        running.emplace(prepared.uuid, prepared.name); // systemd makes the pod's unit while we make the pod
    Store store = session->store();
    PodManifest manifest = compose_pod(store, asked, images);
    launch.apply(manifest);
    PodLock pod = prepare(session->pods(), store, manifest, stage1.find(*session, store), prepared);
    if (detached)
        return run_detached(*session, std::move(pod), prepared);
    if (!running)
        running.emplace(prepared.uuid, prepared.name); // the name is ours now, and so is the unit's
    return run_pod(session->pods(), std::move(store), std::move(pod), *running, options, false);
}

} // namespace rkt
