// SPDX-License-Identifier: Apache-2.0

#include "stage0/unit.h"

#include "base/error.h"
#include "base/log.h"

#include <csignal>
#include <cstdlib>

#include <unistd.h>

namespace rkt {

namespace {

constexpr BusObject manager = {"org.freedesktop.systemd1", "/org/freedesktop/systemd1",
                               "org.freedesktop.systemd1.Manager"};
constexpr BusObject any_scope = {"org.freedesktop.systemd1", nullptr, "org.freedesktop.systemd1.Scope"};

// The parts of a unit: the leaf that rkt stays in, and the two that nspawn makes for the pod and for itself.
constexpr const char* watcher = "rkt";
constexpr const char* payload = "payload";
constexpr const char* supervisor = "supervisor";

BusCall scope_call(Bus& bus, const std::string& unit, const std::string& machine) {
    BusCall call = bus.call(manager, "StartTransientUnit");
    call.add(unit).add("fail").open('a', "(sv)");
    call.property("Description", "Pod " + machine);
    add_pod_properties(call);
    // Asked to stop it first: without a controller every process, journald and the apps, is killed in one
    // blow.
    call.property("Controller", bus.unique_name());
    call.open('r', "sv").add("PIDs").open('v', "au").open('a', "u");
    call.add(static_cast<std::uint32_t>(::getpid()));
    call.close().close().close();
    call.close().open('a', "(sa(sv))").close();
    return call;
}

std::optional<Cgroup> make_own_cgroup(const std::string& machine) {
    std::optional<Cgroup> own = Cgroup::own();
    if (!own)
        return std::nullopt;
    Cgroup group = own->child(machine);
    try {
        group.make();
        return group;
    } catch (const SystemError& error) {
        trace("{}", error.what());
        return std::nullopt;
    }
}

} // namespace

bool is_own_service() {
    const char* pid = std::getenv("SYSTEMD_EXEC_PID");
    if (pid == nullptr || pid != std::to_string(::getpid()))
        return false;
    std::optional<Cgroup> own = Cgroup::own();
    return own && own->delegated();
}

void add_pod_properties(BusCall& call) {
    call.property("Slice", "machine.slice");
    call.property("CollectMode", "inactive-or-failed");
    call.property("Delegate", true);
    call.property("DevicePolicy", "closed");
    call.open('r', "sv").add("DeviceAllow").open('v', "a(ss)").open('a', "(ss)");
    call.open('r', "ss").add("char-pts").add("rw").close();
    call.close().close().close();
}

PodUnit PodUnit::request(Bus* bus, const std::string& machine, std::function<void()> stop) {
    PodUnit unit(bus);
    if (bus == nullptr) {
        unit.cgroup_ = make_own_cgroup(machine);
        unit.own_ = unit.cgroup_.has_value();
        return unit;
    }
    if (is_own_service())
        return unit;
    unit.job_ = std::make_unique<Job>();
    std::string name = machine + ".scope";
    bus->on_signal(manager, "JobRemoved", [job = unit.job_.get(), name](BusMessage message) {
        message.number();
        message.text();
        if (message.text() != name)
            return;
        job->done = true;
        if (std::string result = message.text(); result != "done")
            job->failure = result;
    });
    bus->on_signal(any_scope, "RequestStop", [stop = std::move(stop)](const BusMessage&) { stop(); });
    scope_call(*bus, name, machine).send([job = unit.job_.get()](const BusMessage& answer) {
        job->failure = answer.error().value_or("");
        job->done = job->done || !job->failure.empty();
    });
    return unit;
}

PodUnit::~PodUnit() {
    if (!job_)
        return;
    try {
        bus_->process_until([this] { return job_->done; });
    } catch (const std::exception& error) {
        trace("waiting for the pod's unit: {}", error.what());
    }
}

void PodUnit::settle() {
    if (bus_ == nullptr)
        return;
    if (job_) {
        bus_->process_until([this] { return job_->done; });
        if (!job_->failure.empty())
            throw Error("asking systemd for a scope for the pod: {}", job_->failure);
    }
    cgroup_ = Cgroup::own();
    if (!cgroup_)
        throw Error("asking systemd for a scope for the pod: no unified cgroup hierarchy is mounted");
    Cgroup leaf = cgroup_->child(watcher);
    leaf.make();
    leaf.join();
}

std::optional<Cgroup> PodUnit::pod_cgroup() const {
    if (!cgroup_ || own_)
        return cgroup_;
    return cgroup_->child(payload);
}

void PodUnit::kill_pod() const {
    if (!cgroup_)
        return;
    pod_cgroup()->kill_all();
    cgroup_->child(supervisor).kill_all();
    for (pid_t process : cgroup_->processes()) // of a stage1 that made no part of its own
        if (process != ::getpid())
            ::kill(process, SIGKILL);
}

void PodUnit::give_back() const noexcept {
    if (own_)
        cgroup_->remove();
}

} // namespace rkt
