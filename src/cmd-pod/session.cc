// SPDX-License-Identifier: Apache-2.0

#include "cmd-pod/session.h"

#include "base/error.h"
#include "os/process.h"

#include <cerrno>

#include <unistd.h>

namespace rkt {

std::filesystem::path program_beside(const char* name) {
    std::filesystem::path beside = program_directory() / name;
    return std::filesystem::exists(beside) ? beside : std::filesystem::path(RKT_LIBEXECDIR) / name;
}

std::filesystem::path image_program() {
    return program_beside("rkt-image");
}

void become_program(const std::filesystem::path& program, const std::vector<std::string>& words) {
    std::vector<std::string> all = {program};
    all.insert(all.end(), words.begin(), words.end());
    std::vector<char*> arguments;
    arguments.reserve(all.size() + 1);
    for (std::string& word : all)
        arguments.push_back(word.data());
    arguments.push_back(nullptr);
    ::execv(program.c_str(), arguments.data());
    throw SystemError(errno, "executing {}", program);
}

void require_root(const char* verb) {
    if (::geteuid() != 0)
        throw Error("rkt {} changes pods: run it as root", verb);
}

} // namespace rkt
