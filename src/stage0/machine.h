// SPDX-License-Identifier: Apache-2.0
//
// The pod as systemd-machined knows it (org.freedesktop.machine1(5)).

#pragma once

#include "appc/uuid.h"
#include "wrap/bus.h"

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include <sys/types.h>

namespace rkt {

struct Machine {
    std::string name;
    Uuid id;
    pid_t leader;
    std::filesystem::path root;
};

// Registers the machine and goes on. The handler is told whether it was refused, in machined's words.
using Answered = std::function<void(const std::optional<std::string>& refusal)>;
void register_machine(Bus& bus, const Machine& machine, Answered answered);

// Machined forgets a machine that has ended in its own time; whoever looks after us is to see it gone.
void unregister_machine(Bus& bus, const std::string& name);

} // namespace rkt
