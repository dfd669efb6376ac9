// SPDX-License-Identifier: Apache-2.0

#include "os/user-namespace.h"

#include "base/error.h"
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

// A process in the namespace, which only waits to be killed: a namespace lives as long as someone holds it.
class Inhabitant {
public:
    Inhabitant() {
        clone_args args = {};
        args.flags = CLONE_NEWUSER;
        args.exit_signal = SIGCHLD;
        pid_ = static_cast<pid_t>(::syscall(SYS_clone3, &args, sizeof args));
        if (pid_ < 0)
            throw SystemError(errno, "making a user namespace");
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

void write_map(const std::string& file, std::uint32_t shift, std::uint32_t count) {
    std::string map = fmt::format("0 {} {}\n", shift, count);
    Fd fd(::open(file.c_str(), O_WRONLY | O_CLOEXEC));
    if (!fd || ::write(fd.get(), map.data(), map.size()) < 0)
        throw SystemError(errno, "mapping the users of a namespace");
}

} // namespace

Fd make_user_namespace(std::uint32_t shift, std::uint32_t count) {
    Inhabitant inhabitant;
    write_map(inhabitant.file("uid_map"), shift, count);
    write_map(inhabitant.file("gid_map"), shift, count);
    Fd fd(::open(inhabitant.file("ns/user").c_str(), O_RDONLY | O_CLOEXEC));
    if (!fd)
        throw SystemError(errno, "opening a user namespace");
    return fd;
}

} // namespace rkt
