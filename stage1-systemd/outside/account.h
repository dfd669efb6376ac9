// SPDX-License-Identifier: Apache-2.0
//
// Who an app runs as: the words of its manifest, looked up in its image and nowhere else (ACI-13 to ACI-16).

#pragma once

#include "os/dir.h"

#include <span>
#include <string>
#include <vector>

#include <sys/types.h>

namespace rkt {

struct Account {
    uid_t uid = 0;
    gid_t gid = 0;
    std::vector<gid_t> supplementary = {};

    // As the image's /etc/passwd says of the uid; the name is empty and the others are guesses if it does
    // not.
    std::string name = {};
    std::string home = "/";
    std::string shell = "/bin/sh";

    bool is_root() const noexcept { return uid == 0; }
};

// A root whose files the host sees as those of other users: the pod's root is the host's user `shift`.
struct AccountRoot {
    const Dir& dir;
    uid_t shift = 0;
};

// `user` and `group` are a path (whose owner is meant), a name or a number, in this order; "root" is 0 even
// in an image without accounts. Links are followed inside the root, and lead nowhere else. Throws Error.
Account resolve_account(const AccountRoot& root, const std::string& user, const std::string& group,
                        std::vector<gid_t> supplementary);

// The account of a user alone, with the group that /etc/passwd gives it; `group` where that gives none.
Account resolve_user(const AccountRoot& root, const std::string& user, gid_t group);

// What /etc/passwd and /etc/group of the pod must have for these accounts, in addition to what they have:
// systemd takes a number only if an entry has it. Nobody is a member of any group.
std::string passwd_lines(std::string_view passwd, std::span<const Account> accounts);
std::string group_lines(std::string_view group, std::span<const Account> accounts);

} // namespace rkt
