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

// nspawn takes a keyring of its own for the pod, but the filter forbids it to.
void join_new_keyring() {
    if (::syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, nullptr) < 0 && errno != ENOSYS)
        throw SystemError(errno, "making a keyring for the pod");
}

} // namespace

std::optional<FilterProgram> read_program(const std::filesystem::path& file) {
    std::optional<std::string> text = read_file_if_any(file);
    if (!text)
        return std::nullopt;
    return FilterProgram{.code = instructions(*text, file), .flags = 0};
}

std::optional<std::vector<FilterProgram>> read_filter(const std::filesystem::path& directory) {
    std::vector<FilterProgram> filters;
    for (const char* name : programs) {
        std::optional<FilterProgram> program = read_program(directory / name);
        if (!program)
            return std::nullopt;
        filters.push_back(std::move(*program));
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
