// SPDX-License-Identifier: Apache-2.0

#include "stage0/machine.h"

namespace rkt {

namespace {

constexpr BusObject machined = {"org.freedesktop.machine1", "/org/freedesktop/machine1",
                                "org.freedesktop.machine1.Manager"};

} // namespace

void register_machine(Bus& bus, const Machine& machine, std::function<void(const std::string&)> refused) {
    bus.call(machined, "RegisterMachineWithNetwork")
        .add(machine.name)
        .add(std::span(machine.id.bytes()))
        .add("rkt")
        .add("container")
        .add(static_cast<std::uint32_t>(machine.leader))
        .add(machine.root.native())
        .add_numbers({}) // the pod's own interfaces on the host: none yet
        .send([refused = std::move(refused)](const BusMessage& answer) {
            if (std::optional<std::string> error = answer.error())
                refused(*error);
        });
}

} // namespace rkt
