// SPDX-License-Identifier: Apache-2.0
//
// The entry points that start, stop and restart one app of a running pod: app-start --debug=BOOL --app=APP
//
// The pod's own systemctl asks the pod's systemd, which listens to nobody outside.

#include "stage1-systemd/outside/entry-points.h"

#include "base/error.h"
#include "base/text.h"
#include "stage1-systemd/outside/pod-entrance.h"
#include "wrap/command-line.h"

#include <string>
#include <string_view>
#include <vector>

namespace rkt {

namespace {

std::string read_app(const Arguments& words) {
    std::string app;
    std::string debug;
    CommandLine line("app-start --app=APP", "Starts, stops or restarts an app of a running pod.");
    line.option("--app", app, "the app's name");
    line.option("--debug", debug, "accepted, and nothing more");
    line.parse(words);
    if (app.empty())
        throw UsageError("--app is needed");
    return app;
}

int ask_systemd(const char* action, const std::string& app) {
    PodEntrance pod = PodEntrance::find();
    pod.join();
    return pod.systemctl({action, app + ".service"});
}

} // namespace

int start_app(const Arguments& words) {
    return ask_systemd("start", read_app(words));
}

int stop_app(const Arguments& words) {
    return ask_systemd("stop", read_app(words));
}

int restart_app(const Arguments& words) {
    return ask_systemd("restart", read_app(words));
}

// Whoever asks has waited long enough when a pod's systemd has not answered in a second.
int show_apps(const Arguments& words) {
    constexpr unsigned patience = 1;
    std::vector<std::string> call = {"show",
                                     "--property=Id,ActiveState,SubState,MainPID,NRestarts,ControlGroup"};
    std::string apps = read_app(words);
    for (std::string_view app : split(apps, ','))
        call.push_back(std::string(app) + ".service");
    PodEntrance pod = PodEntrance::find();
    pod.join();
    return pod.systemctl(call, patience);
}

} // namespace rkt
