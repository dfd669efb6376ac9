// SPDX-License-Identifier: Apache-2.0
//
// The pod as systemd-machined knows it (org.freedesktop.machine1(5)).

#pragma once

#include "appc/uuid.h"
#include "wrap/bus.h"

#include <filesystem>
#include <functional>
#include <string>

#include <sys/types.h>

namespace rkt {

struct Machine {
    std::string name;
    Uuid id;
    pid_t leader;
    std::filesystem::path root;
};

// Registers the machine and goes on. A refusal comes to the handler in machined's words.
void register_machine(Bus& bus, const Machine& machine, std::function<void(const std::string&)> refused);

} // namespace rkt
