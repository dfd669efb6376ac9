// SPDX-License-Identifier: Apache-2.0
//
// rkt status: how one pod is.

#include "cmd-pod/pod-json.h"
#include "cmd-pod/pod-words.h"
#include "cmd-pod/verb.h"

#include "base/duration.h"
#include "base/error.h"
#include "base/moment.h"
#include "base/text.h"
#include "config/json-format.h"
#include "os/process.h"
#include "os/watches.h"
#include "stage0/app-units.h"

#include <algorithm>
#include <map>
#include <string>

#include <poll.h>

namespace rkt {

namespace {

std::string times_text(const PodApp& app) {
    std::string text;
    if (app.started)
        text += fmt::format("app-{}-started={}\n", app.name, in_full(*app.started));
    if (app.finished)
        text += fmt::format("app-{}-finished={}\n", app.name, in_full(*app.finished));
    return text;
}

std::string unit_text(const std::string& app, const AppUnit& unit) {
    std::string text = fmt::format("app-{}-state={} ({})\n", app, unit.state, unit.sub_state);
    if (unit.pid != 0)
        text += fmt::format("app-{}-pid={}\n", app, unit.pid);
    if (unit.restarts != 0)
        text += fmt::format("app-{}-restarts={}\n", app, unit.restarts);
    return text;
}

std::string apps_text(const Pod& pod, const std::map<std::string, AppUnit>& units) {
    std::string text;
    for (const PodApp& app : pod.apps()) {
        if (app.status)
            text += fmt::format("app-{}={}\n", app.name, *app.status);
        else if (pod.state != PodState::Running)
            text += fmt::format("app-{}=unknown\n", app.name);
        if (auto unit = units.find(app.name); unit != units.end())
            text += unit_text(app.name, unit->second);
        text += times_text(app);
    }
    return text;
}

std::string status_text(const Pod& pod, const std::map<std::string, AppUnit>& units) {
    std::string text = fmt::format("state={}\n", str(pod.state));
    if (std::optional<std::string> name = pod.name())
        text += fmt::format("name={}\n", *name);
    if (std::optional<Time> created = pod.created())
        text += fmt::format("created={}\n", in_full(*created));
    if (std::optional<Time> started = pod.started())
        text += fmt::format("started={}\n", in_full(*started));
    if (pod.place != PodPlace::Run && pod.place != PodPlace::ExitedGarbage)
        return text;
    text += fmt::format("networks={}\n", network_words(pod));
    for (const PodPort& port : pod.ports())
        text += fmt::format("port-{}-{}={}{}\n", port.app.empty() ? "pod" : "app-" + port.app, port.name,
                            port.str(), port.socket_activated ? " (socketActivated)" : "");
    if (std::optional<pid_t> leader = pod.leader())
        text += fmt::format("pid={}\n", *leader);
    text += fmt::format("exited={}\n", pod.state != PodState::Running);
    text += apps_text(pod, units);
    for (const PodIsolator& isolator : pod.isolators())
        text += fmt::format("isolator-{}-{}={}{}{}\n", isolator.app == "-" ? "pod" : "app-" + isolator.app,
                            isolator.name, isolator.outcome, isolator.reason.empty() ? "" : ": ",
                            printable(isolator.reason));
    return text;
}

// Bare, true or negative is for ever; false or 0 is not at all.
std::optional<std::chrono::milliseconds> parse_wait(const std::string& value) {
    if (value.empty() || value == "true" || value.starts_with('-'))
        return std::chrono::milliseconds(-1);
    if (value == "false")
        return std::nullopt;
    return std::chrono::milliseconds(parse_duration("--wait", value));
}

// How long to wait for what comes one after the other. A negative patience has no end.
class Deadline {
public:
    explicit Deadline(std::chrono::milliseconds patience)
        : patience_(patience), end_(std::chrono::steady_clock::now() + patience) {}

    std::chrono::milliseconds left() const {
        auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(end_ - std::chrono::steady_clock::now());
        return patience_.count() < 0 ? patience_ : std::max(left, std::chrono::milliseconds(0));
    }

private:
    std::chrono::milliseconds patience_;
    std::chrono::steady_clock::time_point end_;
};

// The end of the leader is the event; who held the pod lets go right after it.
Pod wait_for_end(const Pods& pods, Pod pod, std::chrono::milliseconds patience) {
    if (pod.state != PodState::Running)
        return pod;
    Deadline deadline(patience);
    Fd leader = pod.leader() ? open_pidfd(*pod.leader()) : Fd();
    pollfd polled = {.fd = leader.get(), .events = POLLIN, .revents = 0};
    bool ended = !leader || ::poll(&polled, 1, static_cast<int>(patience.count())) != 0;
    if (!ended || !pods.wait_until_free(pod, deadline.left()))
        throw Error("waiting for the pod {}: it is still running", pod.uuid);
    return pods.find(pod.uuid).value_or(pod);
}

bool may_become_ready(const Pod& pod, const Fd& leader) {
    bool is_coming = pod.state == PodState::Embryo || pod.state == PodState::Preparing;
    return is_coming || (pod.state == PodState::Running && (leader || !pod.leader()));
}

// The pod's directory is moved on its way, and removed if it cannot be started; then what was waited for
// there does not come.
Pod wait_until_ready(const Pods& pods, Pod pod, std::chrono::milliseconds patience) {
    Deadline deadline(patience);
    while (!std::filesystem::exists(pod.layout.ready())) {
        Fd leader = pod.leader() ? open_pidfd(*pod.leader()) : Fd();
        if (!may_become_ready(pod, leader) && !std::filesystem::exists(pod.layout.ready()))
            throw Error("waiting for the pod {}: it is {}, and was never ready", pod.uuid, str(pod.state));
        wait_for_file(leader ? pod.layout.ready() : pod.layout.pid(), leader, deadline.left());
        if (deadline.left() == std::chrono::milliseconds(0) && !std::filesystem::exists(pod.layout.ready()))
            throw Error("waiting for the pod {}: it is not ready", pod.uuid);
        std::optional<Pod> now = pods.find(pod.uuid);
        if (!now)
            throw Error("waiting for the pod {}: it was never ready, and is gone", pod.uuid);
        pod = std::move(*now);
    }
    return pod;
}

} // namespace

int status(const Words& words) {
    VerbLine line("rkt status POD", "Says how a pod is and how its apps ended.");
    PodWords named(line);
    std::optional<std::string> format_word;
    std::optional<std::chrono::milliseconds> patience;
    line.option("--format", format_word, "json or json-pretty");
    line.maybe(
        "--wait", [&](const std::string& value) { patience = parse_wait(value); },
        "Wait until the pod has ended, for so long at the most (5s)");
    std::optional<std::chrono::milliseconds> ready;
    line.maybe(
        "--wait-ready", [&](const std::string& value) { ready = parse_wait(value); },
        "Wait until the pod is ready, for so long at the most (5s)");
    std::optional<Session> session = line.read(words);
    if (!session)
        return 0;
    Format format = parse_format(format_word);
    Pod pod = named.one(session->pods());
    if (ready && *ready != std::chrono::milliseconds(0))
        pod = wait_until_ready(session->pods(), std::move(pod), *ready);
    if (patience && *patience != std::chrono::milliseconds(0))
        pod = wait_for_end(session->pods(), std::move(pod), *patience);
    std::map<std::string, AppUnit> units = ask_units(pod);
    fmt::print("{}",
               format == Format::Text ? status_text(pod, units) : format_json(pod_json(pod, units), format));
    return 0;
}

} // namespace rkt
