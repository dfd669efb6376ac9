// SPDX-License-Identifier: Apache-2.0

#include "os/open.h"

#include <cerrno>

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace rkt {

Fd open_resolved(int dir, const char* path, int flags, std::uint64_t resolve) noexcept {
    open_how how = {};
    how.flags = static_cast<std::uint64_t>(flags | O_CLOEXEC);
    how.resolve = resolve;
    for (;;) {
        Fd fd(static_cast<int>(::syscall(SYS_openat2, dir, path, &how, sizeof how)));
        // A rename elsewhere can make the resolution uncertain; the kernel then wants to be asked again.
        if (fd || errno != EAGAIN)
            return fd;
    }
}

DirStream open_stream(Fd dir) noexcept {
    DirStream stream(dir ? ::fdopendir(dir.get()) : nullptr);
    if (stream)
        (void)dir.release();
    return stream;
}

bool is_dot(const char* name) noexcept {
    return name[0] == '.' && (name[1] == '\0' || (name[1] == '.' && name[2] == '\0'));
}

} // namespace rkt
