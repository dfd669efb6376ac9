// SPDX-License-Identifier: Apache-2.0

#include "os/lock.h"

#include "base/error.h"

#include <cerrno>

#include <fcntl.h>
#include <sys/file.h>

namespace rkt {

namespace {

Fd open_dir(const std::filesystem::path& dir) {
    Fd fd(::open(dir.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!fd)
        throw SystemError(errno, "opening {} to lock it", dir);
    return fd;
}

int operation(LockMode mode) {
    return mode == LockMode::Exclusive ? LOCK_EX : LOCK_SH;
}

} // namespace

Lock Lock::take(const std::filesystem::path& dir, LockMode mode) {
    return take(open_dir(dir), mode);
}

std::optional<Lock> Lock::try_take(const std::filesystem::path& dir, LockMode mode) {
    return try_take(open_dir(dir), mode);
}

Lock Lock::take_file(const std::filesystem::path& file) {
    Fd fd(::open(file.c_str(), O_RDONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (!fd)
        throw SystemError(errno, "opening {} to lock it", file);
    return take(std::move(fd), LockMode::Exclusive);
}

Lock Lock::take(Fd dir, LockMode mode) {
    while (::flock(dir.get(), operation(mode)) != 0)
        if (errno != EINTR)
            throw SystemError(errno, "locking a directory");
    return Lock(std::move(dir));
}

std::optional<Lock> Lock::try_take(Fd dir, LockMode mode) {
    if (::flock(dir.get(), operation(mode) | LOCK_NB) == 0)
        return Lock(std::move(dir));
    if (errno == EWOULDBLOCK)
        return std::nullopt;
    throw SystemError(errno, "locking a directory");
}

} // namespace rkt
