// SPDX-License-Identifier: Apache-2.0

#include "os/net-namespace.h"

#include "base/error.h"
#include "os/file.h"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <unistd.h>

namespace rkt {

namespace {

constexpr const char* own_namespace = "/proc/self/ns/net";

// Comes back to where it was made.
class Excursion {
public:
    Excursion() : home_(open_net_namespace(own_namespace)) {
        if (::unshare(CLONE_NEWNET) < 0)
            throw SystemError(errno, "making a network namespace");
    }
    ~Excursion() {
        if (::setns(home_.get(), CLONE_NEWNET) < 0)
            ::_exit(254); // what else we did would be done to the wrong network
    }
    Excursion(const Excursion&) = delete;
    Excursion& operator=(const Excursion&) = delete;

private:
    Fd home_;
};

void raise_loopback() {
    Fd socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    ifreq request = {};
    std::strcpy(request.ifr_name, "lo");
    if (!socket || ::ioctl(socket.get(), SIOCGIFFLAGS, &request) < 0)
        throw SystemError(errno, "looking at the loopback of a network namespace");
    request.ifr_flags = static_cast<short>(request.ifr_flags | IFF_UP);
    if (::ioctl(socket.get(), SIOCSIFFLAGS, &request) < 0)
        throw SystemError(errno, "setting up the loopback of a network namespace");
}

// The namespace belongs to the host's users. Those of a user namespace below have no power over it, so that
// what needs one elsewhere must need none here: low ports, and the sockets of ping(8).
void open_to_all_users() {
    write_plainly("/proc/sys/net/ipv4/ip_unprivileged_port_start", "0");
    write_plainly("/proc/sys/net/ipv4/ping_group_range", "0 2147483647");
}

} // namespace

void make_net_namespace(const std::filesystem::path& file) {
    std::filesystem::create_directories(file.parent_path());
    Fd fd(::open(file.c_str(), O_RDONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0444));
    if (!fd)
        throw SystemError(errno, "making {}", file);
    try {
        Excursion excursion;
        raise_loopback();
        open_to_all_users();
        if (::mount(own_namespace, file.c_str(), nullptr, MS_BIND, nullptr) < 0)
            throw SystemError(errno, "keeping a network namespace as {}", file);
    } catch (const Error&) {
        ::unlink(file.c_str());
        throw;
    }
}

void remove_net_namespace(const std::filesystem::path& file) {
    ::umount2(file.c_str(), MNT_DETACH | UMOUNT_NOFOLLOW);
    if (::unlink(file.c_str()) < 0 && errno != ENOENT)
        throw SystemError(errno, "removing {}", file);
}

Fd open_net_namespace(const std::filesystem::path& file) {
    Fd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    if (!fd)
        throw SystemError(errno, "opening the network namespace {}", file);
    return fd;
}

} // namespace rkt
