// SPDX-License-Identifier: Apache-2.0
//
// What holds a process in an app: all that the kernel keeps of it, copied from one process to another.
//
// It is read on the host, as root, and taken on in the new process by system calls alone, between its birth
// in the app's cgroup and its program.

#pragma once

#include "os/fd.h"
#include "stage1-systemd/outside/copied-filter.h"
#include "stage1-systemd/outside/process-facts.h"

#include <string>
#include <vector>

#include <sys/types.h>

namespace rkt {

struct Confinement {
    Fd process; // whose namespaces are joined; not that of process numbers, which children alone can be in
    int namespaces = 0; // CLONE_NEW flags
    Fd root;
    Fd tools;                 // a mount to be the root instead, with that one at /app; none if empty
    Fd directory;             // to work in
    std::string subdirectory; // and from there, as the user; empty: no further
    Fd terminal;              // to control; none if empty
    Credentials credentials;  // as they are called in the app's user namespace
    std::vector<FilterProgram> filters; // in the order of loading
    Limits limits;
};

// As the process is confined, but for its filters. Most of it is read by its number: that it was its own all
// the time is certain when it can be signalled afterwards.
Confinement confinement_of(const Process& process);

// The calling process, which must be in the namespace of process numbers already, becomes as confined as
// that. All that it needs after its program is executed has to be in place: the filters may forbid the rest.
// Gives null, or with errno what could not be done.
const char* take_on(const Confinement& confinement) noexcept;

} // namespace rkt
