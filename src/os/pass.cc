// SPDX-License-Identifier: Apache-2.0

#include "os/pass.h"

#include "base/error.h"

#include <array>
#include <cassert>
#include <cerrno>
#include <cstring>

#include <sys/socket.h>
#include <sys/un.h>

namespace rkt {

namespace {

// At least one byte goes with descriptors: without any nothing is sent.
struct Letter {
    std::array<char, 1024> text = {};
    iovec content = {.iov_base = text.data(), .iov_len = text.size() - 1};
    alignas(cmsghdr) std::array<char, CMSG_SPACE(Parcel::most * sizeof(int))> control = {};
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

void enclose(Letter& letter, const std::vector<int>& fds) {
    assert(fds.size() <= Parcel::most);
    std::size_t size = fds.size() * sizeof(int);
    letter.header.msg_controllen = fds.empty() ? 0 : CMSG_SPACE(size);
    if (fds.empty())
        return;
    cmsghdr* control = CMSG_FIRSTHDR(&letter.header);
    control->cmsg_level = SOL_SOCKET;
    control->cmsg_type = SCM_RIGHTS;
    control->cmsg_len = CMSG_LEN(size);
    std::memcpy(CMSG_DATA(control), fds.data(), size);
}

std::vector<Fd> enclosed(msghdr& header) {
    std::vector<Fd> fds;
    cmsghdr* control = CMSG_FIRSTHDR(&header);
    if (control == nullptr || control->cmsg_level != SOL_SOCKET || control->cmsg_type != SCM_RIGHTS)
        return fds;
    std::size_t count = (control->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (std::size_t i = 0; i < count; ++i) {
        int fd = -1;
        std::memcpy(&fd, CMSG_DATA(control) + i * sizeof fd, sizeof fd);
        fds.emplace_back(fd);
    }
    return fds;
}

} // namespace

std::pair<Fd, Fd> make_socket_pair() {
    std::array<int, 2> ends = {};
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) < 0)
        throw SystemError(errno, "making a pair of sockets");
    return {Fd(ends[0]), Fd(ends[1])};
}

void send_fd(int socket, int fd) {
    send_parcel(socket, std::string_view("\0", 1), {fd});
}

Fd receive_fd(int socket) {
    std::optional<Parcel> parcel = receive_parcel(socket);
    if (!parcel || parcel->fds.size() != 1)
        return {};
    return std::move(parcel->fds.front());
}

void send_parcel(int socket, std::string_view text, const std::vector<int>& fds) {
    Letter letter;
    assert(!text.empty());
    letter.content.iov_len = text.copy(letter.text.data(), letter.content.iov_len);
    enclose(letter, fds);
    while (::sendmsg(socket, &letter.header, MSG_NOSIGNAL) < 0)
        if (errno != EINTR)
            throw SystemError(errno, "handing over a descriptor");
}

std::optional<Parcel> receive_parcel(int socket) {
    Letter letter;
    ssize_t size = 0;
    while ((size = ::recvmsg(socket, &letter.header, MSG_CMSG_CLOEXEC)) < 0 && errno == EINTR) {
    }
    if (size < 0 && errno == EAGAIN)
        return std::nullopt;
    if (size == 0 || (size < 0 && errno == ECONNRESET))
        return Parcel();
    if (size < 0)
        throw SystemError(errno, "taking over a descriptor");
    return Parcel{.text = {letter.text.data(), static_cast<std::size_t>(size)},
                  .fds = enclosed(letter.header)};
}

} // namespace rkt
