// SPDX-License-Identifier: Apache-2.0

#include "wrap/seccomp.h"

#include "base/error.h"
#include "os/fd.h"
#include "os/file.h"
#include "wrap/handle.h"

#include <cerrno>
#include <cstring>

#include <seccomp.h>
#include <sys/mman.h>
#include <unistd.h>

namespace rkt {

namespace {

using Filter = Handle<void, seccomp_release>;

void must(int result, std::string_view doing) {
    if (result < 0)
        throw SystemError(-result, "compiling a system call filter: {}", doing);
}

std::uint32_t action_of(const CallRules& rules) {
    return rules.error ? SCMP_ACT_ERRNO(static_cast<std::uint32_t>(*rules.error)) : SCMP_ACT_KILL_PROCESS;
}

Filter make_filter(const CallRules& rules) {
    std::uint32_t otherwise = rules.allowed ? action_of(rules) : SCMP_ACT_ALLOW;
    Filter filter(seccomp_init(otherwise));
    if (!filter)
        throw Error("compiling a system call filter: there is no memory for it");
    // Whoever loads it has given up new privileges already.
    must(seccomp_attr_set(filter.get(), SCMP_FLTATR_CTL_NNP, 0), "making it");
    if (seccomp_arch_native() == SCMP_ARCH_X86_64)
        for (auto other :
             {static_cast<std::uint32_t>(SCMP_ARCH_X86), static_cast<std::uint32_t>(SCMP_ARCH_X32)})
            must(seccomp_arch_add(filter.get(), other), "adding an architecture");
    return filter;
}

std::string program_of(const Filter& filter) {
    Fd memory(::memfd_create("filter", MFD_CLOEXEC));
    if (!memory)
        throw SystemError(errno, "compiling a system call filter");
    must(seccomp_export_bpf(filter.get(), memory.get()), "writing it");
    if (::lseek(memory.get(), 0, SEEK_SET) < 0)
        throw SystemError(errno, "compiling a system call filter");
    return read_rest(memory.get(), "a system call filter");
}

} // namespace

std::string compile_filter(const CallRules& rules) {
    Filter filter = make_filter(rules);
    std::uint32_t action = rules.allowed ? SCMP_ACT_ALLOW : action_of(rules);
    for (const std::string& call : rules.calls) {
        int number = seccomp_syscall_resolve_name(call.c_str());
        if (number != __NR_SCMP_ERROR)
            must(seccomp_rule_add(filter.get(), action, number, 0), call);
    }
    return program_of(filter);
}

std::optional<int> error_number(const std::string& name) {
    constexpr int last = 4095;
    for (const auto& [alias, number] :
         {std::pair{"EWOULDBLOCK", EWOULDBLOCK}, std::pair{"EDEADLOCK", EDEADLOCK},
          std::pair{"ENOTSUP", ENOTSUP}, std::pair{"EOPNOTSUPP", EOPNOTSUPP}})
        if (name == alias)
            return number;
    for (int number = 1; number <= last; ++number)
        if (const char* known = ::strerrorname_np(number); known != nullptr && name == known)
            return number;
    return std::nullopt;
}

} // namespace rkt
