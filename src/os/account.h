// SPDX-License-Identifier: Apache-2.0
//
// The host's users and groups. Those of an image are never looked up here.

#pragma once

#include <optional>

#include <sys/types.h>

namespace rkt {

// Nothing if there is no such group.
std::optional<gid_t> find_group(const char* name);

struct User {
    uid_t uid;
    gid_t gid;
};

// Nothing if there is no such user.
std::optional<User> find_user(const char* name);

// For good, without any other group, and with none of root's capabilities. Throws SystemError.
void become_user(const User& user);

} // namespace rkt
