// SPDX-License-Identifier: Apache-2.0

#include "os/account.h"

#include "base/error.h"

#include <cerrno>
#include <vector>

#include <grp.h>

namespace rkt {

std::optional<gid_t> find_group(const char* name) {
    std::vector<char> buffer(4096);
    for (;;) {
        group entry = {};
        group* found = nullptr;
        int r = ::getgrnam_r(name, &entry, buffer.data(), buffer.size(), &found);
        if (r == 0)
            return found != nullptr ? std::optional(found->gr_gid) : std::nullopt;
        if (r != ERANGE)
            throw SystemError(r, "looking up the group {}", name);
        buffer.resize(buffer.size() * 2); // a group of many members
    }
}

} // namespace rkt
