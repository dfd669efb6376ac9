// SPDX-License-Identifier: Apache-2.0
//
// What becomes of the isolators of an app or of a pod: systemd's settings, and what to tell about each
// (ISO-6, ISO-7, ISO-12 to ISO-22, ACE-60 to ACE-63).
//
// Those that say which calls and capabilities an app has are of call-sets and capabilities; here they are
// only told about.

#pragma once

#include "appc/isolator.h"
#include "os/cgroup.h"

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rkt {

// What this host can hold its pods to.
struct HostAbilities {
    std::set<std::string> controllers; // of the pod's cgroup: "memory", "cpu", "io", "pids"
    bool selinux = false;
    std::optional<std::set<std::string>> profiles =
        {};                                      // AppArmor's, that are loaded; nothing without AppArmor
    std::vector<std::string> block_devices = {}; // "8:0"

    static HostAbilities find(const std::optional<Cgroup>& cgroup);
};

enum class Outcome { Enforced, Changed, Ignored };

// "enforced", "changed", "ignored".
std::string_view str(Outcome outcome) noexcept;

struct Verdict {
    std::string isolator;
    Outcome outcome;
    std::string reason = {}; // why it was changed or ignored
};

// Keys and values of systemd.resource-control(5) and systemd.exec(5); a key may come several times.
using Settings = std::vector<std::pair<std::string, std::string>>;

struct Isolation {
    Settings settings;
    std::vector<Verdict> verdicts; // one for each isolator
};

// Of an app, which runs as root or as another user: `pod` has those of the pod that hold where the app says
// nothing. Throws Error for an AppArmor profile that is not loaded.
Isolation isolate_app(const std::vector<Isolator>& app, const std::vector<Isolator>& pod,
                      const HostAbilities& host, bool is_root = true);

// Of the pod as a whole: limits that bound all apps together.
Isolation isolate_pod(const std::vector<Isolator>& pod, const HostAbilities& host);

// CPUWeight= that divides a processor as cpu.shares did: 2 is 1, 1024 is 39, 262144 is 10000.
std::uint64_t weight_of_shares(std::uint64_t shares) noexcept;

} // namespace rkt
