// SPDX-License-Identifier: Apache-2.0
//
// User namespaces that nobody lives in, for saying how the owners of files are to be seen (mount_setattr(2)).

#pragma once

#include "os/fd.h"

#include <cstdint>

namespace rkt {

// One in which the users and groups from 0 on are those from `shift` on outside, `count` of them. Throws
// SystemError.
Fd make_user_namespace(std::uint32_t shift, std::uint32_t count);

} // namespace rkt
