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

#include <linux/bpf_common.h>
#include <linux/filter.h>
#include <linux/keyctl.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace rkt {

namespace {

// The kernel asks each, and takes the strictest answer.
constexpr std::array programs = {"calls.bpf", "audit.bpf"};

// nspawn takes a keyring of its own for the pod, but the filter forbids it to.
void join_new_keyring() {
    if (::syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, nullptr) < 0 && errno != ENOSYS)
        throw SystemError(errno, "making a keyring for the pod");
}

} // namespace

FilterProgram parse_program(std::string_view text, const std::filesystem::path& name) {
    if (text.empty() || text.size() % sizeof(sock_filter) != 0 ||
        text.size() > BPF_MAXINSNS * sizeof(sock_filter))
        throw Error("loading {}: it is no filter program", name);
    std::vector<sock_filter> code(text.size() / sizeof(sock_filter));
    std::memcpy(code.data(), text.data(), text.size());
    return {.code = std::move(code), .flags = 0};
}

std::optional<std::vector<FilterProgram>> read_filter(const std::filesystem::path& directory) {
    std::vector<FilterProgram> filters;
    for (const char* name : programs) {
        std::optional<std::string> text = read_file_if_any(directory / name);
        if (!text)
            return std::nullopt;
        filters.push_back(parse_program(*text, directory / name));
    }
    return filters;
}

bool load_filter(const std::filesystem::path& directory) {
    std::optional<std::vector<FilterProgram>> filters = read_filter(directory);
    if (!filters)
        return false;
    join_new_keyring();
    if (!load(*filters))
        throw SystemError(errno, "loading the system call filter of {}", directory);
    if (::setenv("SYSTEMD_SECCOMP", "0", 1) < 0)
        throw SystemError(errno, "telling nspawn of the filter");
    return true;
}

} // namespace rkt
