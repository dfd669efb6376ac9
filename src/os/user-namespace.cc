// SPDX-License-Identifier: Apache-2.0

#include "os/user-namespace.h"

#include "base/text.h"
#include "os/file.h"
#include "os/process.h"

#include <cerrno>
#include <csignal>

#include <fcntl.h>
#include <linux/sched.h>
#include <sched.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace rkt {

namespace {

// A limit of none is how a host is told to have no user namespaces; to have used up all is no more than bad
// luck.
bool is_for_good(int code) {
    switch (code) {
    case EINVAL: // the kernel was built without
    case ENOSYS:
    case EPERM:
        return true;
    case ENOSPC:
    case EUSERS:
        return trim(read_file_if_any("/proc/sys/user/max_user_namespaces").value_or("")) == "0";
    default:
        return false;
    }
}

[[noreturn]] void refuse(int code, const char* doing) {
    if (is_for_good(code))
        throw NoUserNamespaces(code, "{}", doing);
    throw SystemError(code, "{}", doing);
}

// A process in the namespace, which only waits to be killed: a namespace lives as long as someone holds it.
class Inhabitant {
public:
    Inhabitant() {
        clone_args args = {};
        args.flags = CLONE_NEWUSER;
        args.exit_signal = SIGCHLD;
        pid_ = static_cast<pid_t>(::syscall(SYS_clone3, &args, sizeof args));
        if (pid_ < 0)
            refuse(errno, "making a user namespace");
        if (pid_ == 0)
            for (;;)
                ::pause();
    }
    Inhabitant(const Inhabitant&) = delete;
    Inhabitant& operator=(const Inhabitant&) = delete;
    ~Inhabitant() {
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
    }

    std::string file(const char* name) const { return fmt::format("/proc/{}/{}", pid_, name); }

private:
    pid_t pid_;
};

void write_map(const std::string& file, const UserRange& range) {
    std::string map = fmt::format("0 {} {}\n", range.shift, range.count);
    Fd fd(::open(file.c_str(), O_WRONLY | O_CLOEXEC));
    if (!fd || ::write(fd.get(), map.data(), map.size()) < 0)
        refuse(errno, "mapping the users of a namespace");
}

} // namespace

std::uint32_t parse_user(std::string_view text) noexcept {
    std::uint64_t number = parse_number(text).value_or(no_user);
    return number < no_user ? static_cast<std::uint32_t>(number) : no_user;
}

UserRange UserRange::parse(std::string_view text) {
    std::vector<std::string_view> parts = split(text, ':');
    std::uint32_t shift = parse_user(parts.front());
    std::uint32_t count = parse_user(parts.back());
    if (parts.size() != 2 || shift == no_user || count == no_user || count == 0 || shift > no_user - count)
        throw Error("\"{}\" is not a range of users, which is SHIFT:COUNT", text);
    return {shift, count};
}

std::string UserRange::str() const {
    return fmt::format("{}:{}", shift, count);
}

bool UserRange::overlaps(const UserRange& other) const noexcept {
    return std::uint64_t{shift} < std::uint64_t{other.shift} + other.count &&
           std::uint64_t{other.shift} < std::uint64_t{shift} + count;
}

Fd make_user_namespace(const UserRange& range) {
    Inhabitant inhabitant;
    write_map(inhabitant.file("uid_map"), range);
    write_map(inhabitant.file("gid_map"), range);
    Fd fd(::open(inhabitant.file("ns/user").c_str(), O_RDONLY | O_CLOEXEC));
    if (!fd)
        throw SystemError(errno, "opening a user namespace");
    return fd;
}

} // namespace rkt
