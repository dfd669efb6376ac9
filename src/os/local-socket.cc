// SPDX-License-Identifier: Apache-2.0

#include "os/local-socket.h"

#include "base/error.h"
#include "os/umask.h"

#include <cerrno>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace rkt {

namespace {

// By way of a descriptor of the directory, since an address may have only 107 characters.
class Place {
public:
    explicit Place(const std::filesystem::path& place)
        : dir_(::open(place.parent_path().c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)),
          name_(place.filename()) {
        if (!dir_)
            throw SystemError(errno, "opening {}", place.parent_path());
    }

    void clear() const { ::unlinkat(dir_.get(), name_.c_str(), 0); }

    sockaddr_un address() const {
        sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = {}};
        std::string path = fmt::format("/proc/self/fd/{}/{}", dir_.get(), name_);
        if (path.size() >= sizeof address.sun_path)
            throw Error("the name {} is too long for a socket", name_);
        path.copy(address.sun_path, path.size());
        return address;
    }

private:
    Fd dir_;
    std::string name_;
};

Fd make_socket(int type) {
    Fd fd(::socket(AF_UNIX, type | SOCK_CLOEXEC, 0));
    if (!fd)
        throw SystemError(errno, "making a socket");
    return fd;
}

} // namespace

Fd listen_at(const std::filesystem::path& place, int type) {
    constexpr int waiting = 64; // connections that have not been taken yet
    Place where(place);
    where.clear();
    Fd fd = make_socket(type | SOCK_NONBLOCK);
    sockaddr_un address = where.address();
    {
        Umask roots_alone(0177);
        if (::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) < 0)
            throw SystemError(errno, "making the socket {}", place);
    }
    if (::listen(fd.get(), waiting) < 0)
        throw SystemError(errno, "listening at {}", place);
    return fd;
}

Fd connect_to(const std::filesystem::path& place, int type) {
    Fd fd = make_socket(type);
    Place where(place);
    sockaddr_un address = where.address();
    if (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) < 0)
        throw SystemError(errno, "connecting to {}", place);
    return fd;
}

Fd accept_from(int listener) {
    return Fd(::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
}

uid_t peer_of(int connection) {
    ucred peer = {};
    socklen_t size = sizeof peer;
    if (::getsockopt(connection, SOL_SOCKET, SO_PEERCRED, &peer, &size) < 0)
        throw SystemError(errno, "asking who has connected");
    return peer.uid;
}

} // namespace rkt
