// SPDX-License-Identifier: Apache-2.0

#include "stage1-systemd/outside/capabilities.h"

#include "appc/isolator-value.h"
#include "base/error.h"

#include <algorithm>
#include <iterator>
#include <string_view>

namespace rkt {

namespace {

constexpr std::string_view prefix = "CAP_";

// systemd-nspawn(1), --capability=.
const Capabilities& pod_capabilities() {
    static const Capabilities names = {"CAP_AUDIT_CONTROL",
                                       "CAP_AUDIT_WRITE",
                                       "CAP_CHOWN",
                                       "CAP_DAC_OVERRIDE",
                                       "CAP_DAC_READ_SEARCH",
                                       "CAP_FOWNER",
                                       "CAP_FSETID",
                                       "CAP_IPC_OWNER",
                                       "CAP_KILL",
                                       "CAP_LEASE",
                                       "CAP_MKNOD",
                                       "CAP_NET_RAW",
                                       "CAP_NET_BIND_SERVICE",
                                       "CAP_SETFCAP",
                                       "CAP_SETGID",
                                       "CAP_SETPCAP",
                                       "CAP_SETUID",
                                       "CAP_SYS_ADMIN",
                                       "CAP_SYS_BOOT",
                                       "CAP_SYS_CHROOT",
                                       "CAP_SYS_NICE",
                                       "CAP_SYS_PTRACE",
                                       "CAP_SYS_RESOURCE",
                                       "CAP_SYS_TTY_CONFIG",
                                       "CAP_LINUX_IMMUTABLE",
                                       "CAP_NET_BROADCAST"};
    return names;
}

bool is_name(std::string_view name) {
    return name.starts_with(prefix) && name.size() > prefix.size() && std::ranges::all_of(name, [](char c) {
               return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
           });
}

Capabilities names_in(const Isolator& isolator) {
    Capabilities names;
    for (const std::string& name : isolator.value.at("set").strings()) {
        if (!is_name(name))
            throw Error("isolator {}: {} is not the name of a capability", isolator.name.str(), name);
        names.insert(name);
    }
    return names;
}

Capabilities without(const Capabilities& all, const Capabilities& some) {
    Capabilities rest;
    std::ranges::set_difference(all, some, std::inserter(rest, rest.end()));
    return rest;
}

} // namespace

const Capabilities& all_capabilities() {
    static const Capabilities names(capability_names().begin(), capability_names().end());
    return names;
}

const Capabilities& default_capabilities() {
    static const Capabilities names = {
        "CAP_AUDIT_WRITE", "CAP_CHOWN",   "CAP_DAC_OVERRIDE", "CAP_FSETID",           "CAP_FOWNER",
        "CAP_KILL",        "CAP_MKNOD",   "CAP_NET_RAW",      "CAP_NET_BIND_SERVICE", "CAP_SETUID",
        "CAP_SETGID",      "CAP_SETPCAP", "CAP_SETFCAP",      "CAP_SYS_CHROOT"};
    return names;
}

Capabilities capabilities_of(const std::vector<Isolator>& isolators) {
    if (const Isolator* retain = find_isolator(isolators, "os/linux/capabilities-retain-set"))
        return names_in(*retain);
    if (const Isolator* remove = find_isolator(isolators, "os/linux/capabilities-remove-set"))
        return without(default_capabilities(), names_in(*remove));
    return default_capabilities();
}

Capabilities ambient_of(const std::vector<Isolator>& isolators) {
    const Isolator* retain = find_isolator(isolators, "os/linux/capabilities-retain-set");
    return retain != nullptr ? names_in(*retain) : Capabilities();
}

Capabilities beyond_pod(const Capabilities& wanted) {
    return without(wanted, pod_capabilities());
}

bool no_new_privileges(const std::vector<Isolator>& isolators, bool root) {
    const Isolator* asked = find_isolator(isolators, "os/linux/no-new-privileges");
    return !root || (asked != nullptr && asked->value.boolean());
}

} // namespace rkt
