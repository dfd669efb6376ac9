// SPDX-License-Identifier: Apache-2.0

#include "stage0/machine.h"

#include "base/error.h"
#include "base/log.h"

namespace rkt {

namespace {

constexpr BusObject machined = {"org.freedesktop.machine1", "/org/freedesktop/machine1",
                                "org.freedesktop.machine1.Manager"};

} // namespace

void register_machine(Bus& bus, const Machine& machine, Answered answered) {
    bus.call(machined, "RegisterMachineWithNetwork")
        .add(machine.name)
        .add(std::span(machine.id.bytes()))
        .add("rkt")
        .add("container")
        .add(static_cast<std::uint32_t>(machine.leader))
        .add(machine.root.native())
        .add_numbers({}) // the pod's own interfaces on the host: none yet
        .send([answered = std::move(answered)](const BusMessage& answer) { answered(answer.error()); });
}

void unregister_machine(Bus& bus, const std::string& name) {
    try {
        bus.call(machined, "UnregisterMachine").add(name).send();
    } catch (const Error& error) {
        trace("{}", error.what()); // it was forgotten already
    }
}

} // namespace rkt
