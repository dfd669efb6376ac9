// SPDX-License-Identifier: Apache-2.0
//
// rkt export: what an app of an exited pod has made of its image, as an image.

#include "stage0/export.h"

#include "cmd-pod/enter-line.h"
#include "cmd-pod/pod-words.h"
#include "cmd-pod/verb.h"

#include "base/error.h"
#include "os/umask.h"

namespace rkt {

int export_pod(const Words& words) {
    VerbLine line("rkt export [--app=NAME] [--overwrite] POD OUT.aci",
                  "Writes the files of an app of an exited pod as an image.");
    PodWords named(line);
    std::optional<std::string> asked;
    ExportOptions options;
    line.option("--app", asked, "The app, if the pod has several");
    line.flag("--overwrite", options.overwrite, "Replace the file if it is there already");
    std::optional<Session> session = line.read(words);
    if (!session)
        return 0;
    Pods pods = session->pods();
    std::vector<std::string> rest = named.rest();
    if (rest.size() != 1)
        throw UsageError("export takes a pod and a file");
    require_root("export");
    Pod pod = named.one(pods);
    options.app = choose_app(pod, asked);
    options.target = rest.front();
    options.packer = image_program();
    Umask theirs(session->globals.umask);
    return export_app(pods, pod, session->dir(), options);
}

} // namespace rkt
