// SPDX-License-Identifier: Apache-2.0
//
// Compiles the system call filter of a pod when stage1 is built: generate SETS ALLOWED CALLS AUDIT
//
// systemd-nspawn would compile the same filter at every start, which is half of the time a pod needs to come
// up. SETS is what "systemd-analyze syscall-filter" prints, ALLOWED names what may be called. CALLS and AUDIT
// are written as programs for SECCOMP_SET_MODE_FILTER: the first allows what nspawn allows, answers EPERM to
// other calls that systemd knows and ENOSYS to the rest; the second keeps the kernel's audit socket from the
// pod, as nspawn does.

#include <fmt/format.h>
#include <seccomp.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <map>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>

#include <fcntl.h>
#include <linux/netlink.h>
#include <sys/socket.h>
#include <unistd.h>

namespace {

using Names = std::set<std::string>;
using Sets = std::map<std::string, Names>;

struct Release {
    void operator()(void* filter) const noexcept { seccomp_release(filter); }
};
using Filter = std::unique_ptr<void, Release>;

void check(int result, const std::string& doing) {
    if (result < 0)
        throw std::runtime_error(fmt::format("{}: {}", doing, std::strerror(-result)));
}

bool is_set(const std::string& name) {
    return name.starts_with('@');
}

std::ifstream open(const char* path) {
    std::ifstream file(path);
    if (!file)
        throw std::runtime_error(fmt::format("opening {}", path));
    return file;
}

// A set begins at the start of a line, its members are indented below it; comments begin with #.
Sets read_sets(const char* path) {
    std::ifstream file = open(path);
    Sets sets;
    std::string current;
    for (std::string line; std::getline(file, line);) {
        auto start = line.find_first_not_of(' ');
        if (start == std::string::npos || line[start] == '#')
            continue;
        if (start == 0)
            current = line;
        else
            sets[current].insert(line.substr(start));
    }
    return sets;
}

Names read_names(const char* path) {
    std::ifstream file = open(path);
    Names names;
    for (std::string line; std::getline(file, line);)
        if (!line.empty() && line[0] != '#')
            names.insert(line);
    return names;
}

// Sets may name other sets.
Names expand(const Sets& sets, const Names& names) {
    Names calls;
    for (const std::string& name : names) {
        if (is_set(name))
            calls.merge(expand(sets, sets.at(name)));
        else
            calls.insert(name);
    }
    return calls;
}

// For the three ways a program can enter an x86-64 kernel; calls of yet another machine pass, there are none.
Filter make_filter(std::uint32_t default_action, std::initializer_list<std::uint32_t> architectures) {
    Filter filter(seccomp_init(default_action));
    if (!filter)
        throw std::runtime_error("making a filter");
    // Root loads it, and the pod's setuid programs must go on working.
    check(seccomp_attr_set(filter.get(), SCMP_FLTATR_CTL_NNP, 0), "setting no_new_privs");
    check(seccomp_attr_set(filter.get(), SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_ALLOW),
          "setting the other machines");
    for (std::uint32_t architecture : architectures)
        check(seccomp_arch_add(filter.get(), architecture), "adding an architecture");
    return filter;
}

// A call that this libseccomp does not know yet keeps the default action.
void add(const Filter& filter, std::uint32_t action, const std::string& call) {
    int number = seccomp_syscall_resolve_name(call.c_str());
    if (number != __NR_SCMP_ERROR)
        check(seccomp_rule_add(filter.get(), action, number, 0), call);
}

// What this systemd does not know its nspawn does not allow either.
Filter filter_calls(const Sets& sets, const Names& allowed) {
    Filter filter = make_filter(SCMP_ACT_ERRNO(ENOSYS), {SCMP_ARCH_X86, SCMP_ARCH_X32});
    // A binary tree instead of a long list: fewer steps for each call.
    check(seccomp_attr_set(filter.get(), SCMP_FLTATR_CTL_OPTIMIZE, 2), "asking for a tree");
    for (const std::string& call : expand(sets, {"@known"})) {
        bool is_allowed = allowed.contains(call);
        add(filter, is_allowed ? SCMP_ACT_ALLOW : SCMP_ACT_ERRNO(EPERM), call);
    }
    return filter;
}

// The 32-bit call goes through socketcall, whose arguments a filter cannot see: nspawn leaves it out, too.
Filter filter_audit() {
    Filter filter = make_filter(SCMP_ACT_ALLOW, {SCMP_ARCH_X32});
    const scmp_arg_cmp arguments[] = {{.arg = 0, .op = SCMP_CMP_EQ, .datum_a = AF_NETLINK, .datum_b = 0},
                                      {.arg = 2, .op = SCMP_CMP_EQ, .datum_a = NETLINK_AUDIT, .datum_b = 0}};
    check(seccomp_rule_add_array(filter.get(), SCMP_ACT_ERRNO(EAFNOSUPPORT), SCMP_SYS(socket),
                                 std::size(arguments), arguments),
          "forbidding the audit socket");
    return filter;
}

void write(const Filter& filter, const char* path) {
    int fd = ::open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    check(fd < 0 ? -errno : 0, path);
    int result = seccomp_export_bpf(filter.get(), fd);
    ::close(fd);
    check(result, path);
}

} // namespace

int main(int argc, char* argv[]) {
    try {
        if (argc != 5)
            throw std::runtime_error("usage: generate SETS ALLOWED CALLS AUDIT");
        Sets sets = read_sets(argv[1]);
        write(filter_calls(sets, expand(sets, read_names(argv[2]))), argv[3]);
        write(filter_audit(), argv[4]);
    } catch (const std::exception& e) {
        fmt::print(stderr, "generate: {}\n", e.what());
        return 1;
    }
    return 0;
}
