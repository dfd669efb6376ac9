// SPDX-License-Identifier: Apache-2.0

#include "os/account.h"

#include "base/error.h"

#include <cerrno>
#include <vector>

#include <grp.h>
#include <pwd.h>
#include <unistd.h>

namespace rkt {

namespace {

// False if there is no entry of that name. `look` is getgrnam_r(3) or its like.
template <class Entry, class Look>
bool look_up(const char* kind, const char* name, Entry& entry, std::vector<char>& buffer, Look look) {
    for (;;) {
        Entry* found = nullptr;
        int r = look(name, &entry, buffer.data(), buffer.size(), &found);
        if (r == 0)
            return found != nullptr;
        if (r != ERANGE)
            throw SystemError(r, "looking up the {} {}", kind, name);
        buffer.resize(buffer.size() * 2); // a group of many members
    }
}

} // namespace

std::optional<gid_t> find_group(const char* name) {
    std::vector<char> buffer(4096);
    group entry = {};
    if (!look_up("group", name, entry, buffer, ::getgrnam_r))
        return std::nullopt;
    return entry.gr_gid;
}

std::optional<User> find_user(const char* name) {
    std::vector<char> buffer(4096);
    passwd entry = {};
    if (!look_up("user", name, entry, buffer, ::getpwnam_r))
        return std::nullopt;
    return User{entry.pw_uid, entry.pw_gid};
}

void become_user(const User& user) {
    if (::setgroups(0, nullptr) < 0 || ::setresgid(user.gid, user.gid, user.gid) < 0 ||
        ::setresuid(user.uid, user.uid, user.uid) < 0)
        throw SystemError(errno, "becoming the user {}", user.uid);
}

} // namespace rkt
