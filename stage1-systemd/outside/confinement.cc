// SPDX-License-Identifier: Apache-2.0

#include "stage1-systemd/outside/confinement.h"

#include "base/error.h"
#include "os/process.h"
#include "os/relay.h"

#include <array>
#include <cerrno>
#include <csignal>

#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/keyctl.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace rkt {

namespace {

Fd open_of(pid_t pid, const char* link) {
    Fd fd(::open(fmt::format("/proc/{}/{}", pid, link).c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!fd)
        throw SystemError(errno, "opening the {} of process {}", link, pid);
    return fd;
}

// In its user namespace the process's users have other numbers than we see.
Credentials credentials_within(pid_t pid) {
    Credentials credentials = parse_credentials(read_of(pid, "status"));
    std::string users = read_of(pid, "uid_map");
    std::string groups = read_of(pid, "gid_map");
    credentials.uid = id_within(credentials.uid, users);
    credentials.gid = id_within(credentials.gid, groups);
    for (gid_t& group : credentials.supplementary)
        group = id_within(group, groups);
    return credentials;
}

bool has(std::uint64_t set, int capability) noexcept {
    return ((set >> capability) & 1) != 0;
}

// ---- In the new process, in this order

// Away from the caller's terminal: who shares its session can open it as /dev/tty.
bool leave_session(const Confinement& c) noexcept {
    return ::setsid() >= 0 && (!c.terminal || ::ioctl(c.terminal.get(), TIOCSCTTY, 0) == 0);
}

// What is ignored stays so in the program; the caller's habits are not the app's.
bool reset_signals(const Confinement&) noexcept {
    for (int number = 1; number < NSIG; ++number)
        ::signal(number, SIG_DFL); // some cannot be changed
    return true;
}

bool join_namespaces(const Confinement& c) noexcept {
    return ::setns(c.process.get(), c.namespaces) == 0;
}

bool change_root(const Confinement& c) noexcept {
    return ::fchdir(c.root.get()) == 0 && ::chroot(".") == 0 && ::fchdir(c.directory.get()) == 0;
}

bool bind_from_app(const char* from, const char* to) noexcept {
    return ::mount(from, to, nullptr, MS_BIND | MS_REC, nullptr) == 0;
}

// In a mount namespace of its own, so that the app sees nothing of it. Any directory that is certain to be
// there will do to mount at: the app's root is moved from beneath.
bool bring_tools(const Confinement& c) noexcept {
    if (!c.tools)
        return true;
    return ::unshare(CLONE_NEWNS) == 0 && ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
           ::move_mount(c.tools.get(), "", AT_FDCWD, "/proc", MOVE_MOUNT_F_EMPTY_PATH) == 0 &&
           ::chdir("/proc") == 0 && ::syscall(SYS_pivot_root, ".", "app") == 0 && ::chroot(".") == 0 &&
           ::chdir("/") == 0 && bind_from_app("/app/dev", "/dev") && bind_from_app("/app/proc", "/proc") &&
           bind_from_app("/app/sys", "/sys");
}

// The caller's keys are not the app's.
bool leave_keyring(const Confinement&) noexcept {
    return ::syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, nullptr) >= 0 || errno == ENOSYS;
}

bool take_limits(const Confinement& c) noexcept {
    ::umask(c.credentials.umask);
    for (unsigned i = 0; i < c.limits.size(); ++i) {
        auto resource = static_cast<__rlimit_resource>(i);
        const rlimit& its = c.limits[i];
        rlimit ours = {};
        bool same = ::getrlimit(resource, &ours) == 0 && ours.rlim_cur == its.rlim_cur &&
                    ours.rlim_max == its.rlim_max;
        if (!same && ::setrlimit(resource, &its) < 0)
            return false;
    }
    return true;
}

bool drop_bounding(const Confinement& c) noexcept {
    for (int capability = 0; capability < 64; ++capability)
        if (!has(c.credentials.bounding, capability) && ::prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) < 0 &&
            errno != EINVAL)
            return false;
    return true;
}

bool become_user(const Confinement& c) noexcept {
    const Credentials& user = c.credentials;
    return ::prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) == 0 &&
           ::setgroups(user.supplementary.size(), user.supplementary.data()) == 0 &&
           ::setresgid(user.gid, user.gid, user.gid) == 0 && ::setresuid(user.uid, user.uid, user.uid) == 0 &&
           ::prctl(PR_SET_KEEPCAPS, 0, 0, 0, 0) == 0;
}

bool change_directory(const Confinement& c) noexcept {
    return c.subdirectory.empty() || ::chdir(c.subdirectory.c_str()) == 0;
}

// All that is permitted stays effective until the program is executed, because loading filters may take it;
// the program gets what follows from the other sets, as the app did.
bool set_capabilities(const Confinement& c) noexcept {
    __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
    std::array<__user_cap_data_struct, 2> data = {};
    if (::syscall(SYS_capget, &header, data.data()) < 0)
        return false;
    for (unsigned half = 0; half < data.size(); ++half) {
        data[half].effective = data[half].permitted;
        data[half].inheritable = static_cast<__u32>(c.credentials.inheritable >> (32 * half));
    }
    if (::syscall(SYS_capset, &header, data.data()) < 0 ||
        ::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) < 0)
        return false;
    for (int capability = 0; capability < 64; ++capability)
        if (has(c.credentials.ambient, capability) &&
            ::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability, 0, 0) < 0)
            return false;
    return true;
}

bool give_up_privileges(const Confinement& c) noexcept {
    return !c.credentials.no_new_privileges || ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
}

bool keep_no_descriptor(const Confinement&) noexcept {
    return ::close_range(STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC) == 0;
}

bool load_filters(const Confinement& c) noexcept {
    return load(c.filters);
}

struct Step {
    const char* doing;
    bool (*act)(const Confinement&) noexcept;
};

constexpr std::array steps = {
    Step{"leaving the caller's session", leave_session},
    Step{"resetting signals", reset_signals},
    Step{"joining the app's namespaces", join_namespaces},
    Step{"changing to the app's root", change_root},
    Step{"mounting the tools", bring_tools},
    Step{"leaving the caller's keyring", leave_keyring},
    Step{"taking on the app's resource limits", take_limits},
    Step{"giving up capabilities", drop_bounding},
    Step{"becoming the user", become_user},
    Step{"changing to the working directory", change_directory},
    Step{"taking on the app's capabilities", set_capabilities},
    Step{"giving up new privileges", give_up_privileges},
    Step{"keeping descriptors", keep_no_descriptor},
    Step{"loading the app's system call filter", load_filters},
};

} // namespace

Confinement confinement_of(const Process& process) {
    constexpr int all = CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWNET | CLONE_NEWCGROUP;
    pid_t pid = process.pid;
    return {.process = copy_of(process.handle.get()),
            .namespaces = same_user_namespace(pid) ? all : all | CLONE_NEWUSER,
            .root = open_of(pid, "root"),
            .tools = {},
            .directory = open_of(pid, "cwd"),
            .subdirectory = {},
            .terminal = {},
            .credentials = credentials_within(pid),
            .filters = {},
            .limits = parse_limits(read_of(pid, "limits"))};
}

const char* take_on(const Confinement& confinement) noexcept {
    for (const Step& step : steps)
        if (!step.act(confinement))
            return step.doing;
    return nullptr;
}

} // namespace rkt
