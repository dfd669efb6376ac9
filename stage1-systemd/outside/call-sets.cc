// SPDX-License-Identifier: Apache-2.0

#include "stage1-systemd/outside/call-sets.h"

#include "base/error.h"
#include "base/text.h"

namespace rkt {

namespace {

using Calls = std::set<std::string>;

// What no app of a container should need: it changes the host, or looks into it. Docker and rkt forbade these
// by default.
constexpr std::string_view forbidden[] = {"acct",
                                          "add_key",
                                          "bpf",
                                          "clock_adjtime",
                                          "clock_settime",
                                          "create_module",
                                          "delete_module",
                                          "finit_module",
                                          "get_kernel_syms",
                                          "get_mempolicy",
                                          "init_module",
                                          "ioperm",
                                          "iopl",
                                          "kcmp",
                                          "kexec_file_load",
                                          "kexec_load",
                                          "keyctl",
                                          "lookup_dcookie",
                                          "mbind",
                                          "mount",
                                          "move_pages",
                                          "name_to_handle_at",
                                          "nfsservctl",
                                          "open_by_handle_at",
                                          "perf_event_open",
                                          "pivot_root",
                                          "process_vm_readv",
                                          "process_vm_writev",
                                          "ptrace",
                                          "query_module",
                                          "quotactl",
                                          "reboot",
                                          "request_key",
                                          "set_mempolicy",
                                          "setns",
                                          "settimeofday",
                                          "stime",
                                          "swapoff",
                                          "swapon",
                                          "_sysctl",
                                          "sysfs",
                                          "umount",
                                          "umount2",
                                          "unshare",
                                          "uselib",
                                          "userfaultfd",
                                          "ustat",
                                          "vm86",
                                          "vm86old",
                                          "fsopen",
                                          "fsconfig",
                                          "fsmount",
                                          "fspick",
                                          "move_mount",
                                          "open_tree",
                                          "mount_setattr"};

// Without these a process can neither begin nor end (ISO-4).
constexpr std::string_view life[] = {"execve",       "exit",      "exit_group",
                                     "rt_sigreturn", "sigreturn", "restart_syscall"};

template <std::size_t n>
Calls calls_of(const std::string_view (&list)[n]) {
    return {std::begin(list), std::end(list)};
}

void add_set(Calls& calls, std::string_view name, const CallSets& sets) {
    auto set = sets.find(name);
    if (set == sets.end())
        throw Error("{} is no set of system calls that is known here", name);
    for (const std::string& item : set->second) {
        if (item.starts_with('@'))
            add_set(calls, item, sets);
        else
            calls.insert(item);
    }
}

Calls without(Calls calls, const Calls& some) {
    for (const std::string& call : some)
        calls.erase(call);
    return calls;
}

Calls everything(const CallSets& sets) {
    Calls calls;
    add_set(calls, "@known", sets);
    return calls;
}

// "@docker/…", "@rkt/…" and "@systemd/…" (rkt's sets, by their names there).
Calls expand(const std::string& item, const CallSets& sets) {
    constexpr std::string_view systemd = "@systemd/";
    if (item == "@docker/default-blacklist" || item == "@rkt/default-blacklist")
        return calls_of(forbidden);
    if (item == "@docker/default-whitelist" || item == "@rkt/default-whitelist")
        return without(everything(sets), calls_of(forbidden));
    if (!item.starts_with(systemd))
        throw Error("{} is no set of system calls that is known here", item);
    std::string name = item.substr(systemd.size());
    Calls calls;
    add_set(calls, "@" + (name == "default-whitelist" ? "default" : name), sets);
    return calls;
}

std::optional<int> error_of(const Isolator& isolator) {
    const Json* name = isolator.value.find("errno");
    return name != nullptr && name->is(Json::Kind::String) ? error_number(name->string()) : std::nullopt;
}

Seccomp read(const Isolator& isolator, bool retained, const CallSets& sets) {
    std::string_view all = retained ? "@appc.io/all" : "@appc.io/empty";
    CallRules rules = {.calls = {}, .allowed = retained, .error = error_of(isolator)};
    for (const std::string& item : isolator.value.at("set").strings()) {
        if (item == all)
            return {.unfiltered = true};
        if (item.starts_with('@'))
            rules.calls.merge(expand(item, sets));
        else
            rules.calls.insert(item);
    }
    if (retained)
        rules.calls.merge(calls_of(life));
    return {.rules = std::move(rules)};
}

} // namespace

CallSets parse_call_sets(std::string_view text) {
    CallSets sets;
    std::string current;
    for (std::string_view line : split(text, '\n')) {
        std::string_view word = trim(line);
        if (word.empty() || word.starts_with('#'))
            continue;
        if (!line.starts_with(' '))
            current = word;
        else
            sets[current].emplace(word);
    }
    return sets;
}

Seccomp seccomp_of(const std::vector<Isolator>& isolators, const CallSets& sets) {
    for (bool retained : {true, false}) {
        const char* name = retained ? "os/linux/seccomp-retain-set" : "os/linux/seccomp-remove-set";
        const Isolator* isolator = find_isolator(isolators, name);
        try {
            if (isolator != nullptr)
                return read(*isolator, retained, sets);
        } catch (Error& error) {
            error.during("isolator {}", name);
            throw;
        }
    }
    return {};
}

} // namespace rkt
