// SPDX-License-Identifier: Apache-2.0

#include "stage1-systemd/outside/filter.h"

#include "base/error.h"
#include "os/file.h"

#include <array>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <string>
#include <vector>

#include <linux/filter.h>
#include <linux/keyctl.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace rkt {

namespace {

// The kernel asks each, and takes the strictest answer.
constexpr std::array programs = {"calls.bpf", "audit.bpf"};

std::vector<sock_filter> instructions(const std::string& program, const std::filesystem::path& file) {
    if (program.empty() || program.size() % sizeof(sock_filter) != 0)
        throw Error("loading {}: it is no filter program", file);
    std::vector<sock_filter> result(program.size() / sizeof(sock_filter));
    std::memcpy(result.data(), program.data(), program.size());
    return result;
}

void load(const std::string& program, const std::filesystem::path& file) {
    std::vector<sock_filter> code = instructions(program, file);
    sock_fprog filter = {.len = static_cast<unsigned short>(code.size()), .filter = code.data()};
    if (::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) < 0)
        throw SystemError(errno, "loading {}", file);
}

// nspawn takes a keyring of its own for the pod, but the filter forbids it to.
void join_new_keyring() {
    if (::syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, nullptr) < 0 && errno != ENOSYS)
        throw SystemError(errno, "making a keyring for the pod");
}

} // namespace

bool load_filter(const std::filesystem::path& directory) {
    std::array<std::optional<std::string>, programs.size()> texts;
    for (std::size_t i = 0; i < programs.size(); ++i) {
        texts[i] = read_file_if_any(directory / programs[i]);
        if (!texts[i])
            return false;
    }
    join_new_keyring();
    for (std::size_t i = 0; i < programs.size(); ++i)
        load(*texts[i], directory / programs[i]);
    if (::setenv("SYSTEMD_SECCOMP", "0", 1) < 0)
        throw SystemError(errno, "telling nspawn of the filter");
    return true;
}

} // namespace rkt
