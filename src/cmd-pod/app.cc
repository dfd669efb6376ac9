// SPDX-License-Identifier: Apache-2.0
//
// rkt app: one app of a pod.

#include "cmd-pod/app-verbs.h"
#include "cmd-pod/pod-json.h"
#include "cmd-pod/verb.h"

#include "base/error.h"
#include "base/moment.h"
#include "base/table.h"
#include "config/json-format.h"
#include "stage0/change.h"
#include "stage0/control.h"

#include <algorithm>

namespace rkt {

namespace {

const PodApp& find_app(const std::vector<PodApp>& apps, const Pod& pod,
                       const std::optional<std::string>& asked) {
    if (!asked && apps.size() == 1)
        return apps.front();
    if (!asked)
        throw UsageError("the pod has several apps: say which with --app");
    auto found = std::ranges::find(apps, *asked, &PodApp::name);
    if (found == apps.end())
        throw Error("looking for the app {}: the pod {} has none of this name", *asked, pod.uuid);
    return *found;
}

// A pod and one of its apps, as all of these verbs name them.
struct Named {
    Pod pod;
    std::vector<PodApp> apps;
};

class AppLine : public VerbLine {
public:
    explicit AppLine(const std::string& verb, const std::string& description)
        : VerbLine(fmt::format("rkt app {} POD [--app=NAME]", verb), description) {
        option("--app", app_, "The app, if the pod has several");
        words(
            "POD", [this](const std::string& word) { pod_ = word; },
            "A name, a UUID, or the beginning of one");
    }

    Named find(const Session& session) const {
        if (pod_.empty())
            throw UsageError("no pod is named");
        Pod pod = session.pods().resolve(pod_);
        std::vector<PodApp> apps = pod.apps();
        return {std::move(pod), std::move(apps)};
    }

    const std::optional<std::string>& app() const noexcept { return app_; }

private:
    std::string pod_ = {};
    std::optional<std::string> app_ = {};
};

int control(const Words& words, const char* verb, const char* description, AppAction action) {
    AppLine line(verb, description);
    std::optional<Session> session = line.read(words);
    if (!session)
        return 0;
    require_root("app");
    Named named = line.find(*session);
    control_app(named.pod, action, find_app(named.apps, named.pod, line.app()).name);
    return 0;
}

int start(const Words& words) {
    return control(words, "start", "Starts an app of a running pod, unless it runs.", AppAction::Start);
}

int stop_one(const Words& words) {
    return control(words, "stop", "Stops an app of a running pod, in order.", AppAction::Stop);
}

int restart(const Words& words) {
    return control(words, "restart", "Stops an app of a running pod and starts it again.",
                   AppAction::Restart);
}

int remove(const Words& words) {
    AppLine line("rm", "Stops an app and removes it from its pod, with all that it has written.");
    std::optional<Session> session = line.read(words);
    if (!session)
        return 0;
    require_root("app rm");
    Named named = line.find(*session);
    check_changeable(named.pod);
    remove_app(session->pods(), session->dir(), named.pod, find_app(named.apps, named.pod, line.app()).name);
    return 0;
}

int list_apps(const Words& words) {
    AppLine line("list", "Lists the apps of a pod and how they are.");
    bool no_legend = false;
    line.flag("--no-legend", no_legend, "No line of titles");
    std::optional<Session> session = line.read(words);
    if (!session)
        return 0;
    Named named = line.find(*session);
    std::vector<Row> rows;
    if (!no_legend)
        rows.push_back({"NAME", "STATE"});
    for (const PodApp& app : named.apps)
        rows.push_back({app.name, app_state(named.pod, app)});
    fmt::print("{}", align(rows));
    return 0;
}

std::string text_of(const Pod& pod, const PodApp& app) {
    std::string text =
        fmt::format("name={}\nstate={}\nimage_id={}\n", app.name, app_state(pod, app), app.image_id);
    if (std::optional<Time> created = pod.created())
        text += fmt::format("created_at={}\n", in_full(*created));
    if (app.started)
        text += fmt::format("started_at={}\n", in_full(*app.started));
    if (app.finished)
        text += fmt::format("finished_at={}\n", in_full(*app.finished));
    if (app.status)
        text += fmt::format("exit_code={}\n", *app.status);
    return text;
}

int app_status(const Words& words) {
    AppLine line("status", "Says how an app of a pod is.");
    std::optional<std::string> format_word;
    line.option("--format", format_word, "json or json-pretty");
    std::optional<Session> session = line.read(words);
    if (!session)
        return 0;
    Format format = parse_format(format_word);
    Named named = line.find(*session);
    const PodApp& app = find_app(named.apps, named.pod, line.app());
    fmt::print("{}", format == Format::Text ? text_of(named.pod, app)
                                            : format_json(app_json(named.pod, app), format));
    return 0;
}

constexpr Verb app_verbs[] = {{"add", "Add an app to a pod", app_add},
                              {"exec", "Run a command in an app", exec},
                              {"list", "List the apps of a pod", list_apps},
                              {"restart", "Restart an app", restart},
                              {"rm", "Remove an app from a pod", remove},
                              {"sandbox", "Run a pod without apps", app_sandbox},
                              {"start", "Start an app", start},
                              {"status", "Say how an app is", app_status},
                              {"stop", "Stop an app", stop_one}};

} // namespace

int app(const Words& words) {
    auto verb = std::ranges::find_if(words, [](const std::string& word) { return !word.starts_with('-'); });
    if (verb == words.end()) {
        fmt::print("Usage: rkt app VERB [POD]\n\n");
        for (const Verb& each : app_verbs)
            fmt::print("  {:<10}{}\n", each.name, each.summary);
        return words.empty() ? 2 : 0;
    }
    Words rest(words.begin(), verb);
    rest.insert(rest.end(), verb + 1, words.end());
    return find_verb(app_verbs, *verb).act(rest);
}

} // namespace rkt
