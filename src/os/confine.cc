// SPDX-License-Identifier: Apache-2.0

#include "os/confine.h"

#include "base/error.h"
#include "os/system-calls.h"

#include <array>
#include <cerrno>
#include <csignal>

#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace rkt {

namespace {

constexpr const char* reader_dir = "/run";
constexpr rlim_t reader_file = 64UL << 20;
constexpr rlim_t reader_seconds = 3600;

constexpr std::array kept_capabilities = {CAP_CHOWN, CAP_DAC_OVERRIDE, CAP_FOWNER, CAP_FSETID, CAP_SETFCAP};

void must(long r, const char* what) {
    if (r < 0)
        throw SystemError(errno, "confining the process: {}", what);
}

// Taken while the directory still belongs to our mount namespace.
Fd mount_of(const Dir& dir) {
    Fd tree(::open_tree(dir.fd(), "", OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH));
    must(tree.get(), "making a mount of the directory");
    mount_attr attributes = {};
    attributes.attr_set = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC;
    must(::mount_setattr(tree.get(), "", AT_EMPTY_PATH, &attributes, sizeof attributes),
         "setting mount flags");
    return tree;
}

void enter_namespaces() {
    must(::unshare(CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWIPC), "making namespaces");
    must(::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr), "making mounts private");
}

// The mount covers all others and becomes the root. chroot(2) and not pivot_root(2), which wants
// more of the root we come from than every container grants; without the power to do it again, and
// with no directory open, nobody gets out of either.
void enter_root(Fd tree) {
    must(::move_mount(tree.get(), "", AT_FDCWD, "/", MOVE_MOUNT_F_EMPTY_PATH), "mounting the directory");
    must(::fchdir(tree.get()), "entering the directory");
    must(::chroot("."), "making the directory the root");
}

bool is_kept(int capability) {
    for (int kept : kept_capabilities)
        if (kept == capability)
            return true;
    return false;
}

void limit_capabilities() {
    for (int capability = 0; ::prctl(PR_CAPBSET_READ, capability, 0, 0, 0) >= 0; ++capability)
        if (!is_kept(capability))
            must(::prctl(PR_CAPBSET_DROP, capability, 0, 0, 0), "giving up a capability");
    std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3> sets = {};
    for (int kept : kept_capabilities) {
        sets[0].effective |= 1U << kept;
        sets[0].permitted |= 1U << kept;
    }
    __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
    must(::syscall(SYS_capset, &header, sets.data()), "giving up capabilities");
    must(::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0), "giving up ambient capabilities");
}

void limit(int resource, rlim_t most) {
    rlimit both = {.rlim_cur = most, .rlim_max = most};
    must(::prlimit(0, static_cast<__rlimit_resource>(resource), &both, nullptr), "limiting what it may take");
}

// A core would be written with the bytes of a stranger.
void forbid_cores() {
    limit(RLIMIT_CORE, 0);
}

void forbid_new_privileges() {
    must(::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "forbidding new privileges");
}

void die_with_parent(pid_t parent) {
    must(::prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0), "asking to end with the parent");
    if (::getppid() != parent)
        throw Error("the process that asked has ended");
}

// A container may have a root who may not; he has fewer of root's powers to lose, too.
bool may_make_namespaces() {
    __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
    std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3> sets = {};
    must(::syscall(SYS_capget, &header, sets.data()), "asking for our capabilities");
    return (sets[0].effective & (1U << CAP_SYS_ADMIN)) != 0;
}

// Gives where the directory is then.
std::filesystem::path enter_read_only(const Dir& dir) {
    Fd tree = mount_of(dir);
    enter_namespaces();
    mount_attr attributes = {};
    attributes.attr_set = MOUNT_ATTR_RDONLY;
    must(::mount_setattr(AT_FDCWD, "/", AT_RECURSIVE, &attributes, sizeof attributes),
         "making all read-only");
    must(::move_mount(tree.get(), "", AT_FDCWD, reader_dir, MOVE_MOUNT_F_EMPTY_PATH),
         "mounting the directory");
    return reader_dir;
}

void become_reader() {
    must(::setgroups(0, nullptr), "leaving groups");
    must(::setresgid(reader_id, reader_id, reader_id), "becoming a group without rights");
    must(::setresuid(reader_id, reader_id, reader_id), "becoming a user without rights");
}

} // namespace

Dir confine(Dir dir, pid_t parent) {
    std::filesystem::path path = dir.path();
    Fd tree = mount_of(dir);
    enter_namespaces();
    enter_root(std::move(tree));
    // The descriptor would lead back, since ".." of it is where the directory came from.
    dir = Dir(Fd(::open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC)), path);
    must(dir.fd(), "opening the root");
    limit_capabilities();
    forbid_cores();
    die_with_parent(parent);
    forbid_new_privileges();
    limit_system_calls();
    return dir;
}

std::filesystem::path confine_reader(const Dir& dir) {
    std::filesystem::path place = dir.path();
    if (::geteuid() == 0) {
        must(::fchown(dir.fd(), reader_id, reader_id), "giving it the directory");
        if (may_make_namespaces())
            place = enter_read_only(dir);
        become_reader();
    }
    forbid_new_privileges();
    forbid_cores();
    limit(RLIMIT_FSIZE, reader_file);
    limit(RLIMIT_CPU, reader_seconds);
    return place;
}

void limit_memory(std::uint64_t bytes) {
#ifndef __SANITIZE_ADDRESS__ // which reserves terabytes of addresses
    limit(RLIMIT_AS, bytes);
#else
    static_cast<void>(bytes);
#endif
}

} // namespace rkt
