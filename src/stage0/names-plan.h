// SPDX-License-Identifier: Apache-2.0
//
// What the apps of a pod are to find in /etc/resolv.conf and /etc/hosts: what --dns, --dns-search, --dns-opt,
// --dns-domain and --hosts-entry say, made once where arguments are read, and the text that comes of it.

#pragma once

#include "cni/network.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rkt {

struct HostsEntry {
    std::string address; // IPv4 or IPv6
    std::string name;

    bool operator==(const HostsEntry&) const = default;
};

struct NamesPlan {
    enum class Resolver {
        Default, // what is asked for, and else what the pod's networks say, and else the host's servers
        Host,    // the host's file
        None,    // what the image has
    };

    Resolver resolver = Resolver::Default;
    NetworkDns asked = {};
    bool hosts_of_host = false; // the host's /etc/hosts, and nothing of ours
    std::vector<HostsEntry> entries = {};

    // What one flag says, which may be given again. All throw UsageError.
    void take_dns(std::string_view word); // "IP[,IP…]", "host" or "none"
    void take_search(std::string_view word);
    void take_option(std::string_view word);
    void take_domain(std::string_view word);
    void take_entries(std::string_view word); // "IP=NAME[,IP=NAME…]" or "host"

    // Throws UsageError for flags that exclude each other.
    void check() const;

    bool operator==(const NamesPlan&) const = default;
};

// Throws UsageError for what cannot be the name of a host: `flag` is who says it.
void check_host_name(std::string_view flag, std::string_view name);

// resolv.conf(5), as far as it is known to both.
NetworkDns parse_resolv_conf(std::string_view text);
std::string resolv_conf_text(const NetworkDns& dns);

// Without the servers that are reached from the host alone: loopback, and addresses of one link.
NetworkDns reachable_from_pods(NetworkDns dns);

// What is asked for, with the servers of `base` where none is.
NetworkDns resolver_of(const NetworkDns& asked, const NetworkDns& base);

// A pod's /etc/hosts but for the pods beside it (ACE-44). Without an address of its own it is at 127.0.0.1.
std::string hosts_text(const std::vector<std::string>& addresses, const std::string& names,
                       const std::vector<HostsEntry>& entries);

} // namespace rkt
