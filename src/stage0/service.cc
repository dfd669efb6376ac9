// SPDX-License-Identifier: Apache-2.0

#include "stage0/service.h"

#include "base/error.h"
#include "stage0/unit.h"
#include "wrap/bus.h"

namespace rkt {

namespace {

constexpr BusObject manager = {"org.freedesktop.systemd1", "/org/freedesktop/systemd1",
                               "org.freedesktop.systemd1.Manager"};
constexpr std::uint64_t stop_timeout = 100'000'000; // µs, as TimeoutStopSec= of units/rkt-pod@.service says

bool is_template_installed(Bus& bus) {
    try {
        bus.call(manager, "GetUnitFileState").add("rkt-pod@.service").send();
        return true;
    } catch (const Error&) {
        return false;
    }
}

void add_exec_start(BusCall& call, const PodService& service) {
    const std::string program = service.program.native();
    call.open('r', "sv").add("ExecStart").open('v', "a(sasb)").open('a', "(sasb)").open('r', "sasb");
    call.add(program).open('a', "s").add(program);
    for (const std::string& word : service.globals.words)
        call.add(word);
    call.add("run-prepared").add("--quiet").add(service.pod).close();
    call.add(false).close().close().close().close();
}

// The properties of units/rkt-pod@.service: a test compares the two.
BusCall transient_call(Bus& bus, const PodService& service, const std::string& unit) {
    BusCall call = bus.call(manager, "StartTransientUnit");
    call.add(unit).add("fail").open('a', "(sv)");
    call.property("Description", "Pod " + service.pod);
    call.property("Type", "notify");
    add_pod_properties(call);
    call.property("KillMode", "mixed");
    call.property("Restart", "no");
    call.property_number("TimeoutStopUSec", stop_timeout);
    add_exec_start(call, service);
    call.close().open('a', "(sa(sv))").close();
    return call;
}

} // namespace

std::string start_service(const PodService& service) {
    if (!is_systemd_booted())
        throw Error("starting the pod {} detached: PID 1 is not systemd; run it without --detach",
                    service.pod);
    Bus bus = Bus::open_system();
    bool by_template = service.globals.config == ConfigRoots() &&
                       service.globals.data_dir == default_data_dir({}) && is_template_installed(bus);
    std::string unit =
        by_template ? "rkt-pod@" + service.pod + ".service" : "rkt-" + service.pod + ".service";
    std::string result;
    bus.on_signal(manager, "JobRemoved", [&](BusMessage message) {
        message.number();
        message.text();
        if (message.text() == unit)
            result = message.text();
    });
    if (by_template)
        bus.call(manager, "StartUnit").add(unit).add("fail").send();
    else
        transient_call(bus, service, unit).send();
    bus.process_until([&] { return !result.empty(); });
    if (result != "done")
        throw Error("starting {}: {}; journalctl --unit={} says more", unit, result, unit);
    return unit;
}

} // namespace rkt
