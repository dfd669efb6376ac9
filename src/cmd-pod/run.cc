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
#include "os/file.h"
#include "stage0/collect.h"
#include "stage0/prepare.h"
#include "stage0/service.h"

namespace rkt {

namespace {

// The name where there is one: what people will look for in `systemctl`.
std::string word_of(const PrepareOptions& options) {
    return options.name.value_or(options.uuid.str());
}

// A pod that did not start leaves nothing but the log of its unit.
void discard_unstarted(const Pods& pods, Store& store, const Uuid& uuid) {
    std::optional<Pod> pod = pods.find(uuid);
    if (!pod || pod->started())
        return;
    if (std::optional<PodLock> lock = pods.try_lock(*pod))
        discard_pod(pods, store, std::move(*lock));
}

// What can be told before is told here, and not by the unit.
void finish_to_detach(const Pods& pods, Store& store, PodLock pod, const LaunchOptions& options) {
    try {
        PodManifest manifest = PodManifest::parse(read_file(pod.layout().manifest()));
        check_launch(pod.layout(), manifest, stage1_of(pod.layout()), options);
    } catch (const Error&) {
        discard_pod(pods, store, std::move(pod));
        throw;
    }
    finish_preparing(pods, std::move(pod));
}

int run_detached(const Session& session, Store& store, PodLock pod, const std::string& word,
                 const LaunchOptions& options) {
    Uuid uuid = pod.uuid();
    Pods pods = session.pods();
    finish_to_detach(pods, store, std::move(pod), options);
    try {
        start_service({.globals = session.globals,
                       .program = std::filesystem::read_symlink("/proc/self/exe"),
                       .pod = word});
    } catch (const Error&) {
        discard_unstarted(pods, store, uuid);
        throw;
    }
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
    launch.declare_interactive(line);
    stage1.declare(line);
    line.flag("--detach", detached, "Run the pod as a service of systemd, and print its UUID");
    line.option("--uuid-file-save", uuid_file, "Write the pod's UUID to this file");
    asked.parse(line, words);
    std::optional<Session> session = line.session();
    if (!session)
        return 0;
    require_root("run");
    LaunchOptions options = launch.options(session->globals);
    if (detached && launch.is_interactive())
        throw UsageError("--interactive is for the foreground, and --detach leaves it");
    if (launch.is_interactive() && asked.apps().size() > 1) // before an image is looked for
        throw UsageError("--interactive is for a pod of one app, and there are {}", asked.apps().size());
    if (detached)
        launch.take_insecure(session->globals);
    PrepareOptions prepared = {.uuid = Uuid::random(),
                               .name = asked.pod_name(),
                               .uuid_file = uuid_file,
                               .umask = session->globals.umask,
                               .launch_flags = detached ? launch.text() : "",
                               .renderer = image_program()};
    FoundImages images = find_images(*session, asked.apps(), asked.pull_policy());
    stage1.fetch(*session);
    std::optional<Launch> running;
    if (!detached && !prepared.name)
        running.emplace(prepared.uuid, prepared.name); // systemd makes the pod's unit while we make the pod
    Store store = hold_images(*session, {&images, &stage1.found()});
    PodManifest manifest = compose_pod(store, asked, images.ids);
    launch.apply(manifest);
    PodLock pod = prepare(session->pods(), store, manifest, stage1.find(*session, store), prepared);
    if (detached)
        return run_detached(*session, store, std::move(pod), word_of(prepared), options);
    if (!running)
        running.emplace(prepared.uuid, prepared.name); // the name is ours now, and so is the unit's
    return run_pod(session->pods(), std::move(store), std::move(pod), *running, options, false);
}

} // namespace rkt
