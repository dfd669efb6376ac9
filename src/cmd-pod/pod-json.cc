// SPDX-License-Identifier: Apache-2.0

#include "cmd-pod/pod-json.h"

#include <fmt/format.h>

#include <utility>

namespace rkt {

namespace {

std::int64_t nanoseconds(Time time) {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(time.time_since_epoch()).count();
}

std::int64_t seconds(Time time) {
    return std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
}

// Of one app, or "-" of the pod.
Json::List isolators_json(const Pod& pod, const std::string& owner) {
    Json::List list;
    for (const PodIsolator& isolator : pod.isolators()) {
        if (isolator.app != owner)
            continue;
        Json json = Json::Object{};
        json.set("name", isolator.name).set("outcome", isolator.outcome);
        if (!isolator.reason.empty())
            json.set("reason", isolator.reason);
        list.push_back(std::move(json));
    }
    return list;
}

Json networks_json(const Pod& pod) {
    Json::List list;
    for (const PodPlaceInNetwork& place : pod.networks()) {
        Json json = Json::Object{};
        json.set("netName", place.network).set("ifName", place.interface).set("addresses", place.addresses);
        if (!place.addresses.empty()) // as rkt had it
            json.set("ip", place.addresses.front().substr(0, place.addresses.front().find('/')));
        list.push_back(std::move(json));
    }
    return list;
}

Json unit_json(const AppUnit& unit) {
    Json json = Json::Object{};
    json.set("active_state", unit.state).set("sub_state", unit.sub_state).set("restarts", unit.restarts);
    if (unit.pid != 0)
        json.set("main_pid", unit.pid);
    return json;
}

Json ports_json(const Pod& pod) {
    Json::List list;
    for (const PodPort& port : pod.ports())
        list.push_back(port.json());
    return list;
}

} // namespace

std::string network_words(const Pod& pod) {
    std::string text;
    for (const PodPlaceInNetwork& place : pod.networks()) {
        text += (text.empty() ? "" : ", ") + place.network;
        const char* before = ":";
        for (const std::string& address : place.addresses) {
            const char* kind = address.find(':') == std::string::npos ? "ip4" : "ip6";
            text += fmt::format("{}{}={}", std::exchange(before, ","), kind,
                                address.substr(0, address.find('/')));
        }
    }
    return text;
}

std::string app_state(const Pod& pod, const PodApp& app) {
    if (app.status)
        return "exited";
    if (pod.state == PodState::Running)
        return app.started ? "running" : "created";
    return pod.started() ? "unknown" : "created";
}

Json app_json(const Pod& pod, const PodApp& app) {
    Json json = Json::Object{};
    json.set("name", app.name).set("state", app_state(pod, app)).set("image_id", app.image_id);
    if (std::optional<Time> created = pod.created())
        json.set("created_at", nanoseconds(*created));
    if (app.started)
        json.set("started_at", nanoseconds(*app.started));
    if (app.finished)
        json.set("finished_at", nanoseconds(*app.finished));
    if (app.status)
        json.set("exit_code", *app.status);
    if (Json::List isolators = isolators_json(pod, app.name); !isolators.empty())
        json.set("isolators", std::move(isolators));
    return json;
}

Json pod_json(const Pod& pod, const std::map<std::string, AppUnit>& units) {
    Json json = Json::Object{};
    json.set("name", pod.uuid.str()).set("state", str(pod.state));
    if (std::optional<std::string> name = pod.name())
        json.set("pod_name", *name);
    Json::List apps;
    Json::List names;
    for (const PodApp& app : pod.apps()) {
        apps.push_back(app_json(pod, app));
        if (auto unit = units.find(app.name); unit != units.end())
            apps.back().set("unit", unit_json(unit->second));
        names.emplace_back(app.name);
    }
    if (Json::List isolators = isolators_json(pod, "-"); !isolators.empty())
        json.set("isolators", std::move(isolators));
    json.set("apps", std::move(apps)).set("app_names", std::move(names)).set("networks", networks_json(pod));
    json.set("ports", ports_json(pod));
    if (std::optional<Time> created = pod.created())
        json.set("created_at", seconds(*created));
    if (std::optional<Time> started = pod.started())
        json.set("started_at", seconds(*started));
    return json;
}

} // namespace rkt
