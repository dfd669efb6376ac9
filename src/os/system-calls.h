// SPDX-License-Identifier: Apache-2.0
//
// The system calls that reading and unpacking an archive takes.

#pragma once

namespace rkt {

// From now on every other call answers EPERM, in this thread and those it starts; one made in the
// manner of another architecture kills the process. Needs no_new_privs. Throws SystemError.
void limit_system_calls();

} // namespace rkt
