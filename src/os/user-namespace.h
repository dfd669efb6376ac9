// SPDX-License-Identifier: Apache-2.0
//
// Ranges of users, and user namespaces that nobody lives in, for saying how the owners of files are to be
// seen (mount_setattr(2)).

#pragma once

#include "base/error.h"
#include "os/fd.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace rkt {

// Users and groups from 0 on, as they are outside.
struct UserRange {
    std::uint32_t shift = 0; // what 0 is
    std::uint32_t count = 65536;

    // "SHIFT:COUNT", as systemd-nspawn(1) takes it. Throws Error that quotes the text.
    static UserRange parse(std::string_view text);
    std::string str() const;

    bool overlaps(const UserRange& other) const noexcept;
    bool operator==(const UserRange&) const = default;
};

// A number of a user. The largest is none, for chown(2) takes it for "no change": what a text is that is no
// number.
inline constexpr std::uint32_t no_user = UINT32_MAX;
std::uint32_t parse_user(std::string_view text) noexcept;

// There are no user namespaces here, or none of these users, whoever asks and how often.
class NoUserNamespaces : public SystemError {
public:
    using SystemError::SystemError;
};

// One in which the range's users are those from 0 on. Throws NoUserNamespaces, and SystemError for what may
// be otherwise the next time.
Fd make_user_namespace(const UserRange& range);

} // namespace rkt
