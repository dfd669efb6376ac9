// SPDX-License-Identifier: Apache-2.0
//
// What the kernel tells about a process that is not ours (proc(5)).
//
// A process number may belong to another process by the time it is used, so what is to be acted on is held by
// a descriptor first and examined afterwards.

#pragma once

#include "appc/uuid.h"
#include "os/fd.h"
#include "pod/layout.h"

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <sys/resource.h>
#include <sys/types.h>

namespace rkt {

struct Process {
    pid_t pid;
    Fd handle; // a pidfd

    // False if it has ended already.
    bool signal(int number) const;
};

// Of the pod in the directory: nspawn, as `run` recorded itself. Nothing if it does not run.
std::optional<Process> find_nspawn(const PodLayout& layout, const Uuid& uuid);

// The pod's PID 1: nspawn's child that is the first of its namespace. Nothing if nspawn has not come so far.
std::optional<Process> find_leader(const Process& nspawn);

// Nothing if it has ended.
std::optional<pid_t> parent_of(pid_t pid);

// Whether the program of a process has been executed: until then it is a copy of the one that starts it, and
// becomes what it is to be step by step. Waits for that. False if it ends before, or takes longer.
bool await_program(const Fd& process, pid_t pid, pid_t starter, std::chrono::milliseconds patience);

// As which user a process runs, and what it may do.
struct Credentials {
    uid_t uid;
    gid_t gid;
    std::vector<gid_t> supplementary;
    std::uint64_t bounding; // capabilities, a bit each
    std::uint64_t inheritable;
    std::uint64_t ambient;
    bool no_new_privileges;
    mode_t umask;
};

// From the text of /proc/PID/status: the process as its last execve(2) left it, if it has not changed itself
// since; the other sets of capabilities follow from these. Throws Error if something is missing.
Credentials parse_credentials(const std::string& status);

// How many filters of system calls it has. Throws Error if the kernel does not say.
std::uint64_t filter_count(const std::string& status);

// From the text of /proc/PID/limits, in the order of the RLIMIT_ numbers; prlimit(2) takes a capability more.
using Limits = std::array<rlimit, RLIM_NLIMITS>;
Limits parse_limits(const std::string& text);

// What a user or group of ours is called where the map (/proc/PID/uid_map, gid_map) holds. Throws Error if it
// is nobody there.
std::uint32_t id_within(std::uint32_t id, const std::string& map);

// The other way round.
std::uint32_t id_without(std::uint32_t id, const std::string& map);

// Whether it has the users that we have. False if it has ended.
bool same_user_namespace(pid_t pid);

// The strings of /proc/PID/environ or cmdline, each ended by a NUL.
std::vector<std::string> parse_strings(std::string_view text);

// The text of a file of the process: "status", "environ", …
std::string read_of(pid_t pid, const std::string& file);

} // namespace rkt
