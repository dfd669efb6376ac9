// SPDX-License-Identifier: Apache-2.0
//
// Confines this process to what reading a stranger's bytes takes.
//
// Unpacking an archive has to give files away and set their modes, so it needs some of root's powers. It gets
// these alone, and a world in which there is nothing but one directory to use them on. Who verifies a
// signature is another program, which is found with all that it needs, and needs no powers at all.

#pragma once

#include "os/dir.h"

#include <cstdint>
#include <filesystem>

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

// The user and the group that a process is that reads and computes, and nothing else: one that neither Debian
// nor systemd gives to anybody.
inline constexpr unsigned reader_id = 65533;

// For who executes a program then. Afterwards this process
//   - is that user, and can never be another (no_new_privs), nor has any capability;
//   - may write to `dir` alone, which it owns and finds at /run, in the place of what is there;
//   - has mount, network and IPC namespaces of its own, in which all else is only to be read;
//   - can have no file of more than 64 MiB, no core, and no more than an hour of a processor.
// A root without CAP_SYS_ADMIN, as a container has, does without namespaces, and `dir` stays where it is; who
// is not root stays who he is. Gives the path of `dir`. Throws Error. With one thread.
std::filesystem::path confine_reader(const Dir& dir);

// The most bytes of memory that this process will get, and the program that it executes; right before that it
// may well have more already. Without effect where sanitizers are built in.
void limit_memory(std::uint64_t bytes);

} // namespace rkt
