// SPDX-License-Identifier: Apache-2.0

#include "cmd-pod/session.h"

#include "base/error.h"
#include "os/process.h"

#include <unistd.h>

namespace rkt {

std::filesystem::path image_program() {
    std::filesystem::path beside = program_directory() / "rkt-image";
    return std::filesystem::exists(beside) ? beside : std::filesystem::path(RKT_LIBEXECDIR) / "rkt-image";
}

void require_root(const char* verb) {
    if (::geteuid() != 0)
        throw Error("rkt {} changes pods: run it as root", verb);
}

} // namespace rkt
