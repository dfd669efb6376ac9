// SPDX-License-Identifier: Apache-2.0

#include "stage0/notify.h"

#include "base/error.h"
#include "base/text.h"

#include <array>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace rkt {

namespace {

constexpr const char* name = "notify";

Fd bind_datagram(const std::string& path) {
    Fd fd(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!fd)
        throw SystemError(errno, "making a socket");
    sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = {}};
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    if (::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) < 0)
        throw SystemError(errno, "making the pod's notification socket");
    return fd;
}

} // namespace

Notice parse_notice(std::string_view text) {
    constexpr std::string_view leader = "X_NSPAWN_LEADER_PID=";
    Notice notice;
    for (std::string_view line : split(text, '\n')) {
        if (line == "READY=1")
            notice.ready = true;
        if (!line.starts_with(leader))
            continue;
        std::optional<std::uint64_t> pid = parse_number(line.substr(leader.size()));
        if (pid && *pid > 0 && *pid < INT32_MAX)
            notice.leader = static_cast<pid_t>(*pid);
    }
    return notice;
}

NotifySocket::NotifySocket(const PodLayout& pod)
    : dir_(::open(pod.dir.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
    if (!dir_)
        throw SystemError(errno, "opening {}", pod.dir);
    ::unlinkat(dir_.get(), name, 0);
    socket_ = bind_datagram(fmt::format("/proc/self/fd/{}/{}", dir_.get(), name));
}

// By way of our descriptor, since a socket's path may have only 107 characters.
std::string NotifySocket::address() const {
    return fmt::format("/proc/{}/fd/{}/{}", ::getpid(), dir_.get(), name);
}

std::optional<Notice> NotifySocket::receive() {
    std::array<char, 4096> buffer = {};
    ssize_t n = ::recv(socket_.get(), buffer.data(), buffer.size(), 0);
    if (n >= 0)
        return parse_notice(std::string_view(buffer.data(), static_cast<std::size_t>(n)));
    if (errno == EAGAIN || errno == EINTR)
        return std::nullopt;
    throw SystemError(errno, "reading the pod's notifications");
}

} // namespace rkt
