// SPDX-License-Identifier: Apache-2.0

#include "os/pass.h"

#include "base/error.h"

#include <array>
#include <cerrno>
#include <cstring>

#include <sys/socket.h>
#include <sys/un.h>

namespace rkt {

namespace {

// One byte goes with the descriptor: without any nothing is sent.
struct Letter {
    char byte = 0;
    iovec content = {.iov_base = &byte, .iov_len = 1};
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control = {};
    msghdr header = {};

    Letter() {
        header.msg_iov = &content;
        header.msg_iovlen = 1;
        header.msg_control = control.data();
        header.msg_controllen = control.size();
    }
    Letter(const Letter&) = delete;
    Letter& operator=(const Letter&) = delete;
};

} // namespace

std::pair<Fd, Fd> make_socket_pair() {
    std::array<int, 2> ends = {};
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) < 0)
        throw SystemError(errno, "making a pair of sockets");
    return {Fd(ends[0]), Fd(ends[1])};
}

void send_fd(int socket, int fd) {
    Letter letter;
    cmsghdr* control = CMSG_FIRSTHDR(&letter.header);
    control->cmsg_level = SOL_SOCKET;
    control->cmsg_type = SCM_RIGHTS;
    control->cmsg_len = CMSG_LEN(sizeof fd);
    std::memcpy(CMSG_DATA(control), &fd, sizeof fd);
    while (::sendmsg(socket, &letter.header, MSG_NOSIGNAL) < 0)
        if (errno != EINTR)
            throw SystemError(errno, "handing over a descriptor");
}

Fd receive_fd(int socket) {
    Letter letter;
    ssize_t size = 0;
    while ((size = ::recvmsg(socket, &letter.header, MSG_CMSG_CLOEXEC)) < 0)
        if (errno != EINTR)
            throw SystemError(errno, "taking over a descriptor");
    cmsghdr* control = size > 0 ? CMSG_FIRSTHDR(&letter.header) : nullptr;
    if (control == nullptr || control->cmsg_level != SOL_SOCKET || control->cmsg_type != SCM_RIGHTS ||
        control->cmsg_len != CMSG_LEN(sizeof(int)))
        return {};
    int fd = -1;
    std::memcpy(&fd, CMSG_DATA(control), sizeof fd);
    return Fd(fd);
}

} // namespace rkt
