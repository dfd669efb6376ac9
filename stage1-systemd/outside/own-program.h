// SPDX-License-Identifier: Apache-2.0
//
// This program's own file, which a process that goes into a pod takes along.
//
// As long as a process has not executed another program, /proc/PID/exe leads to the file of this one, on the
// host. A command that is #!/proc/self/exe could keep it open that way, and root in the pod write to it
// later.

#pragma once

#include <filesystem>

namespace rkt {

// Executes this program again from a mount of it that cannot be written, unless it is on one. Throws
// SystemError where the kernel or who confines us does not let it.
void run_unwritable();

// The directory of the program as it was called, also after that.
std::filesystem::path own_directory();

} // namespace rkt
