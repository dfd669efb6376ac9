// SPDX-License-Identifier: Apache-2.0

#include "stage1-systemd/outside/copied-filter.h"

#include "base/error.h"
#include "stage1-systemd/outside/process-facts.h"

#include <algorithm>
#include <cerrno>

#include <linux/ptrace.h>
#include <linux/seccomp.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace rkt {

namespace {

// ptrace(2) as the kernel has it: all that glibc says of it contradicts linux/ptrace.h.
long ptrace_of(long request, pid_t pid, unsigned long address, void* data) noexcept {
    return ::syscall(SYS_ptrace, request, static_cast<long>(pid), address, data);
}

// Stopped as long as this lives. The kernel lets it go too if we die.
class Stopped {
public:
    explicit Stopped(pid_t pid) : pid_(pid) {
        if (ptrace_of(PTRACE_SEIZE, pid, 0, nullptr) < 0)
            throw SystemError(errno, "tracing process {}", pid);
        try {
            stop();
        } catch (const Error&) {
            ptrace_of(PTRACE_DETACH, pid, 0, nullptr);
            throw;
        }
    }
    Stopped(const Stopped&) = delete;
    Stopped& operator=(const Stopped&) = delete;
    ~Stopped() { ::syscall(SYS_ptrace, PTRACE_DETACH, pid_, 0L, static_cast<long>(signal_)); }

private:
    void stop() {
        if (ptrace_of(PTRACE_INTERRUPT, pid_, 0, nullptr) < 0)
            throw SystemError(errno, "stopping process {}", pid_);
        int status = 0;
        while (::waitpid(pid_, &status, __WALL) < 0)
            if (errno != EINTR)
                throw SystemError(errno, "waiting for process {}", pid_);
        if (!WIFSTOPPED(status))
            throw Error("reading the filters of process {}: it has ended", pid_);
        // A signal may have been first: it is delivered when the process goes on.
        if (status >> 16 != PTRACE_EVENT_STOP)
            signal_ = WSTOPSIG(status);
    }

    pid_t pid_;
    int signal_ = 0;
};

// The oldest is number 0 (ptrace(2) says the contrary, the kernel does so).
std::vector<sock_filter> code_of(pid_t pid, unsigned long number) {
    long length = ptrace_of(PTRACE_SECCOMP_GET_FILTER, pid, number, nullptr);
    std::vector<sock_filter> code(length < 0 ? 0 : static_cast<std::size_t>(length));
    if (length < 0 || ptrace_of(PTRACE_SECCOMP_GET_FILTER, pid, number, code.data()) < 0)
        throw SystemError(errno, "reading the system call filter of process {}", pid);
    return code;
}

unsigned flags_of(pid_t pid, unsigned long number) {
    seccomp_metadata metadata = {.filter_off = number, .flags = 0};
    if (ptrace_of(PTRACE_SECCOMP_GET_METADATA, pid, sizeof metadata, &metadata) < 0)
        throw SystemError(errno, "reading the system call filter of process {}", pid);
    return static_cast<unsigned>(metadata.flags);
}

} // namespace

std::vector<FilterProgram> filters_of(pid_t pid) {
    std::vector<FilterProgram> filters;
    std::uint64_t count = filter_count(read_of(pid, "status"));
    if (count == 0) // then the kernel would answer EINVAL
        return filters;
    Stopped stopped(pid);
    for (unsigned long number = 0; number < count; ++number)
        filters.push_back({code_of(pid, number), flags_of(pid, number)});
    return filters;
}

bool load(const std::vector<FilterProgram>& filters) noexcept {
    return std::ranges::all_of(filters, [](const FilterProgram& filter) {
        sock_fprog program = {.len = static_cast<unsigned short>(filter.code.size()),
                              .filter = const_cast<sock_filter*>(filter.code.data())}; // only read
        return ::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, filter.flags, &program) == 0;
    });
}

} // namespace rkt
