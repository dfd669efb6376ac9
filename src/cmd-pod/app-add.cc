// SPDX-License-Identifier: Apache-2.0
//
// rkt app add: an app comes to a running pod.

#include "cmd-pod/app-verbs.h"
#include "cmd-pod/find-images.h"
#include "cmd-pod/pod-line.h"
#include "cmd-pod/verb.h"

#include "base/error.h"
#include "stage0/change.h"

namespace rkt {

int app_add(const Words& words) {
    VerbLine line("rkt app add POD IMAGE [FLAGS OF THE APP] [-- ARGUMENT …]",
                  "Adds an app to a running pod of rkt app sandbox; rkt app start starts it.");
    PodLine asked;
    asked.declare_addition(line);
    asked.parse(line, words);
    std::optional<Session> session = line.session();
    if (!session)
        return 0;
    require_root("app add");
    if (asked.apps().size() != 1)
        throw UsageError("one image is added at a time");
    Pod pod = session->pods().resolve(asked.pod());
    check_changeable(pod);
    FoundImages images = find_images(*session, asked.apps(), asked.pull_policy());
    Store store = hold_images(*session, {&images});
    AppRequest request = request_of(store, asked.apps().front(), images.ids.front());
    request.options.replaces_arguments = true; // as rkt always did here, and not in rkt run
    add_app(session->pods(), std::move(store), pod, request, asked.pod_options(), image_program());
    return 0;
}

} // namespace rkt
