// SPDX-License-Identifier: Apache-2.0

#include "os/system-calls.h"

#include "base/error.h"

#include <array>
#include <cerrno>
#include <cstddef>
#include <vector>

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

namespace rkt {

namespace {

#if defined(__x86_64__)
constexpr std::uint32_t architecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr std::uint32_t architecture = AUDIT_ARCH_AARCH64;
#elif defined(__riscv) && __riscv_xlen == 64
constexpr std::uint32_t architecture = AUDIT_ARCH_RISCV64;
#endif

constexpr std::array allowed = {
    // data in and out
    SYS_read, SYS_write, SYS_writev, SYS_pread64, SYS_pwrite64, SYS_lseek, SYS_close, SYS_ppoll, SYS_eventfd2,
    // files and directories
    SYS_openat, SYS_openat2, SYS_newfstatat, SYS_fstat, SYS_statx, SYS_mkdirat, SYS_mknodat, SYS_linkat,
    SYS_symlinkat, SYS_ftruncate, SYS_fallocate, SYS_sync_file_range,
    // owners, modes, times, attributes
    SYS_fchown, SYS_fchownat, SYS_fchmod, SYS_fchmodat, SYS_fsetxattr, SYS_utimensat,
    // memory
    SYS_brk, SYS_mmap, SYS_munmap, SYS_mremap, SYS_mprotect, SYS_madvise,
    // threads
    SYS_futex, SYS_set_robust_list, SYS_rseq, SYS_rt_sigprocmask, SYS_rt_sigaction, SYS_rt_sigreturn,
    SYS_sigaltstack, SYS_sched_yield, SYS_sched_getaffinity, SYS_gettid, SYS_getpid, SYS_geteuid, SYS_getegid,
    SYS_tgkill, SYS_restart_syscall, SYS_exit, SYS_exit_group,
    // what the C library asks for by itself
    SYS_getrandom, SYS_clock_gettime, SYS_prlimit64};

constexpr std::uint32_t answer(int code) {
    return SECCOMP_RET_ERRNO | static_cast<std::uint32_t>(code);
}

constexpr sock_filter load(std::size_t offset) {
    return BPF_STMT(BPF_LD | BPF_W | BPF_ABS, static_cast<std::uint32_t>(offset));
}

constexpr sock_filter give(std::uint32_t action) {
    return BPF_STMT(BPF_RET | BPF_K, action);
}

// Skips so many instructions if what was loaded is another value.
constexpr sock_filter unless_equal(std::uint32_t value, std::uint8_t skip) {
    return BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, skip);
}

constexpr sock_filter unless_has(std::uint32_t bit, std::uint8_t skip) {
    return BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, bit, 0, skip);
}

std::vector<sock_filter> filter() {
    std::vector<sock_filter> program = {
        load(offsetof(seccomp_data, arch)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, architecture, 1, 0),
        give(SECCOMP_RET_KILL_PROCESS),
        load(offsetof(seccomp_data, nr)),
        // A filter cannot see clone3's arguments. Without it the C library makes threads by clone,
        // which is allowed for threads alone.
        unless_equal(SYS_clone3, 1),
        give(answer(ENOSYS)),
        unless_equal(SYS_clone, 4),
        load(offsetof(seccomp_data, args)),
        unless_has(CLONE_THREAD, 1),
        give(SECCOMP_RET_ALLOW),
        give(answer(EPERM)),
    };
    for (long call : allowed) {
        program.push_back(unless_equal(static_cast<std::uint32_t>(call), 1));
        program.push_back(give(SECCOMP_RET_ALLOW));
    }
    program.push_back(give(answer(EPERM)));
    return program;
}

} // namespace

void limit_system_calls() {
    std::vector<sock_filter> program = filter();
    sock_fprog all = {.len = static_cast<unsigned short>(program.size()), .filter = program.data()};
    if (::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &all, 0, 0) != 0)
        throw SystemError(errno, "limiting system calls");
}

} // namespace rkt
