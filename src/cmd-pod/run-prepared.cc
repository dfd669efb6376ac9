// SPDX-License-Identifier: Apache-2.0
//
// rkt run-prepared: runs a pod that was prepared.

#include "stage0/run.h"

#include "cmd-pod/launch-flags.h"
#include "cmd-pod/pod-words.h"
#include "cmd-pod/verb.h"

#include "appc/pod-manifest.h"
#include "base/error.h"
#include "os/file.h"

namespace rkt {

namespace {

PodLock take(const Pods& pods, const Pod& pod) {
    if (pod.state != PodState::Prepared)
        throw Error(
            "running the pod {}: it is {}, not prepared; each pod is run once: rkt prepare makes another",
            pod.uuid, str(pod.state));
    std::optional<PodLock> lock = pods.try_lock(pod);
    if (!lock)
        throw Error("running the pod {}: someone else is starting or removing it", pod.uuid);
    return std::move(*lock);
}

// What was said of the run when the pod was made.
void recall(LaunchFlags& flags, const PodLock& pod) {
    std::filesystem::path file = pod.layout().launch_flags();
    try {
        flags.take_earlier(read_file_if_any(file).value_or(""));
    } catch (Error& error) {
        error.during("reading {}", file);
        throw;
    }
}

// What can be said of the pod when it is run only.
void change(const PodLock& pod, const LaunchFlags& flags) {
    PodManifest manifest = PodManifest::parse(read_file(pod.layout().manifest()));
    flags.apply(manifest);
    write_atomically(pod.layout().manifest(), manifest.json().compact(), 0640);
}

} // namespace

int run_prepared(const Words& words) {
    VerbLine line("rkt run-prepared [FLAGS] POD", "Runs a pod that rkt prepare has made.");
    PodWords named(line);
    LaunchFlags launch;
    bool quiet = false;
    launch.declare(line);
    launch.declare_interactive(line);
    line.flag("--quiet", quiet, "Do not print what the apps write: the pod's journal has it");
    std::optional<Session> session = line.read(words);
    if (!session)
        return 0;
    require_root("run-prepared");
    Pods pods = session->pods();
    Pod prepared = named.one(pods);
    PodLock pod = take(pods, prepared);
    recall(launch, pod);
    LaunchOptions options = launch.options(session->globals);
    options.print_output = !quiet;
    if (launch.is_interactive())
        change(pod, launch);
    Launch running(prepared.uuid, prepared.name());
    return run_pod(pods, session->store(), std::move(pod), running, options, true);
}

} // namespace rkt
