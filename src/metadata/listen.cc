// SPDX-License-Identifier: Apache-2.0

#include "metadata/listen.h"

#include "base/error.h"
#include "os/account.h"
#include "os/local-socket.h"
#include "pod/metadata.h"

#include <cerrno>

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

namespace rkt {

namespace {

namespace fs = std::filesystem;

void make_dir(const fs::path& dir, uid_t user, gid_t group, mode_t mode) {
    fs::create_directories(dir);
    if (::chown(dir.c_str(), user, group) < 0 || ::chmod(dir.c_str(), mode) < 0)
        throw SystemError(errno, "making {}", dir);
}

Fd listen_on_loopback(std::uint16_t port) {
    constexpr int waiting = 512;
    Fd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int on = 1;
    if (!fd || ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) < 0 ||
        ::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) < 0 ||
        ::listen(fd.get(), waiting) < 0)
        throw SystemError(errno, "listening at 127.0.0.1:{}", port);
    return fd;
}

// What is left of one that has ended is nobody's.
void check_free(const fs::path& socket) {
    try {
        static_cast<void>(connect_to(socket, SOCK_STREAM));
    } catch (const SystemError&) {
        return;
    }
    throw Error(
        "listening at {}: another metadata service does; systemctl stop rkt-metadata.socket ends that of "
        "systemd",
        socket);
}

} // namespace

std::vector<Fd> prepare_to_serve(std::uint16_t port, const fs::path& state_dir) {
    if (::geteuid() != 0)
        throw Error("rkt metadata-service listens for all pods: run it as root, or have rkt-metadata.socket "
                    "start it");
    std::optional<User> user = find_user(metadata_user);
    if (!user)
        throw Error("there is no user {} to serve as; systemd-sysusers makes it", metadata_user);
    fs::path socket = fs::path(metadata_socket_dir) / metadata_socket_name;
    make_dir(metadata_socket_dir, 0, 0, 0755);
    check_free(socket);
    std::vector<Fd> listeners;
    listeners.push_back(listen_on_loopback(port));
    listeners.push_back(listen_at(socket, SOCK_STREAM));
    if (::chmod(socket.c_str(), 0666) < 0) // pods' own users connect
        throw SystemError(errno, "opening {} to pods", socket);
    make_dir(metadata_root, 0, user->gid, 02750);
    make_dir(state_dir, user->uid, user->gid, 0700);
    become_user(*user);
    return listeners;
}

} // namespace rkt
