// SPDX-License-Identifier: Apache-2.0

#include "os/temp-dir.h"

#include "base/error.h"

#include <cerrno>
#include <cstdlib>
#include <string>
#include <system_error>

namespace rkt {

TempDir::TempDir() {
    const char* base = std::getenv("TMPDIR");
    std::string name = std::string(base != nullptr ? base : "/var/tmp") + "/rkt-XXXXXX";
    if (::mkdtemp(name.data()) == nullptr)
        throw SystemError(errno, "making {}", name);
    path_ = name;
}

TempDir::~TempDir() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

} // namespace rkt
