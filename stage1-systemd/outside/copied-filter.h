// SPDX-License-Identifier: Apache-2.0
//
// The system call filters of another process, read from the kernel and loaded again.
//
// What a process may call is decided by all filters that it and those before it have loaded: the pod's, and
// the app's own. The kernel gives them to a tracer as they were loaded (ptrace(2),
// PTRACE_SECCOMP_GET_FILTER), so the copy is exact and nothing of a manifest has to be understood a second
// time.

#pragma once

#include <vector>

#include <linux/filter.h>
#include <sys/types.h>

namespace rkt {

struct FilterProgram {
    std::vector<sock_filter> code;
    unsigned flags; // of seccomp(2)
};

// In the order in which they were loaded. The process is stopped for a moment, and goes on whatever happens.
// Throws SystemError with the kernel's reason: it gives them to root alone that has no filter itself.
std::vector<FilterProgram> filters_of(pid_t pid);

// Into this process, by system calls alone. Takes CAP_SYS_ADMIN or no_new_privs. False with errno.
bool load(const std::vector<FilterProgram>& filters) noexcept;

} // namespace rkt
