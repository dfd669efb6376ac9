// SPDX-License-Identifier: Apache-2.0
//
// rkt attach: takes part in the streams of an app.

#include "cmd-pod/enter-line.h"

#include "base/error.h"
#include "base/text.h"
#include "cmd-pod/pod-words.h"
#include "stage0/attach.h"

namespace rkt {

namespace {

void list_endpoints(const Endpoints& endpoints) {
    std::string names = endpoints.str();
    for (std::string_view name : split(names, ','))
        if (!name.empty())
            fmt::print("{}\n", name);
}

} // namespace

int attach(const Words& words) {
    VerbLine line("rkt attach [--app=NAME] [--mode=MODE] POD",
                  "Takes part in the streams of an app that was started with --stdin, --stdout or --stderr.");
    PodWords named(line);
    std::optional<std::string> app_name;
    std::string mode = "auto";
    line.option("--app", app_name, "The app, if the pod has several");
    line.option("--mode", mode,
                "auto (all there is), list (say what there is), tty, or some of stdin,stdout,stderr");
    std::optional<Session> session = line.read(words);
    if (!session)
        return 0;
    require_root("attach");
    std::optional<Endpoints> asked;
    if (mode != "auto" && mode != "list")
        asked = Endpoints::parse(mode);
    Pod pod = named.one(session->pods());
    std::string app = choose_app(pod, app_name);
    Endpoints has = endpoints_of_app(pod, app);
    if (mode == "list") {
        list_endpoints(has);
        return 0;
    }
    attach_to(pod, app, choose_endpoints(app, has, asked));
    return 0;
}

} // namespace rkt
