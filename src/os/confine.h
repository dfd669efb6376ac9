// SPDX-License-Identifier: Apache-2.0
//
// Confines this process to what reading a stranger's archive takes.
//
// Unpacking has to give files away and set their modes, so it needs some of root's powers. It gets
// these alone, and a world in which there is nothing but one directory to use them on.

#pragma once

#include "os/dir.h"

#include <sys/types.h>

namespace rkt {

// Afterwards this process
//   - sees `dir` as its root directory, and nothing else: own mount, network and IPC namespaces;
//   - keeps of its capabilities those to change owners, modes and attributes of any file, and can
//     never gain one (no_new_privs);
//   - can make no system call but those listed in system-calls.cc;
//   - is killed when `parent` ends, which is its parent. Throws if that has happened already.
// Descriptors that are open stay so: let there be none of a directory. Takes root; with one thread.
// Gives the directory again, opened from the inside.
Dir confine(Dir dir, pid_t parent);

} // namespace rkt
