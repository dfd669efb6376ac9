// SPDX-License-Identifier: Apache-2.0

#include "stage0/pod-names.h"

#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "os/file.h"
#include "stage0/network.h"

namespace rkt {

namespace {

namespace fs = std::filesystem;

constexpr const char* host_resolver = "/etc/resolv.conf";
constexpr const char* host_hosts = "/etc/hosts";

// Behind 127.0.0.53 stand the servers that systemd-resolved itself asks (systemd-resolved.service(8)).
constexpr const char* resolved_uplinks = "/run/systemd/resolve/resolv.conf";

// The host's own files may be links.
std::string read_host(const char* file) {
    std::error_code none;
    fs::path place = fs::canonical(file, none);
    return none ? "" : read_file_if_any(place).value_or("");
}

NetworkDns reachable_servers() {
    for (const char* file : {host_resolver, resolved_uplinks})
        if (NetworkDns dns = reachable_from_pods(parse_resolv_conf(read_host(file)));
            !dns.nameservers.empty())
            return dns;
    return {};
}

NetworkDns base_of(const PodLayout& pod, NetworkPlan::Kind network) {
    if (network == NetworkPlan::Kind::None)
        return {};
    if (network == NetworkPlan::Kind::Host)
        return parse_resolv_conf(read_host(host_resolver));
    NetworkDns told = dns_of_networks(pod);
    return told == NetworkDns() ? reachable_servers() : told;
}

// Empty if what the image has is to stay.
std::string resolver_text(const PodLayout& pod, const NamesPlan& plan, NetworkPlan::Kind network) {
    bool is_host = network == NetworkPlan::Kind::Host && plan.asked == NetworkDns();
    if (plan.resolver == NamesPlan::Resolver::None)
        return "";
    if (plan.resolver == NamesPlan::Resolver::Host || is_host)
        return read_host(host_resolver);
    return resolv_conf_text(resolver_of(plan.asked, base_of(pod, network)));
}

// "172.16.28.5/24" as it stands in hosts(5).
std::string without_prefix(const std::string& address) {
    return address.substr(0, address.find('/'));
}

std::vector<std::string> addresses_of(const Pod& pod) {
    std::vector<std::string> addresses;
    for (const PodPlaceInNetwork& place : pod.networks())
        for (const std::string& address : place.addresses)
            addresses.push_back(without_prefix(address));
    return addresses;
}

struct KnownPod {
    PodLayout layout;
    std::string names; // parted by blanks
    std::vector<PodPlaceInNetwork> networks;
};

// Who has no names has no network, or has said good-bye: hundreds of those cost little. One that is moved
// while we look has ended.
std::vector<KnownPod> known_pods(const Pods& pods) {
    std::vector<KnownPod> known;
    for (const PodLayout& layout : pods.layouts()) {
        std::optional<std::string> names = read_file_if_any(layout.names());
        std::optional<Pod> pod =
            names ? pods.find(Uuid::parse(layout.dir.filename().native())) : std::nullopt;
        if (pod && pod->state == PodState::Running)
            known.push_back({pod->layout, std::string(trim(*names)), pod->networks()});
    }
    return known;
}

// The addresses at which one pod reaches another.
std::string lines_for(const KnownPod& self, const KnownPod& other) {
    std::string lines;
    for (const PodPlaceInNetwork& own : self.networks)
        for (const PodPlaceInNetwork& theirs : other.networks)
            if (own.network == theirs.network)
                for (const std::string& address : theirs.addresses)
                    lines += fmt::format("{} {}\n", without_prefix(address), other.names);
    return lines;
}

// The pod's own file comes last: who is interrupted leaves work for the next.
void write_hosts(const PodLayout& pod, const std::string& text) {
    Lock lock = Lock::take_file(pod.etc_lock());
    if (read_file_if_any(pod.hosts()) == text)
        return;
    for (const auto& app : fs::directory_iterator(pod.app_infos())) {
        std::string name = app.path().filename();
        rewrite(pod.app_hosts(name), text + read_file_if_any(pod.image_hosts(name)).value_or(""));
    }
    write_plainly(pod.hosts(), text);
}

void tell(const KnownPod& self, const std::vector<KnownPod>& known) {
    std::optional<std::string> own = read_file_if_any(self.layout.own_hosts());
    if (!own)
        return; // the user asked for the host's
    std::string text = *own;
    for (const KnownPod& other : known)
        if (other.layout.dir != self.layout.dir)
            text += lines_for(self, other);
    write_hosts(self.layout, text);
}

void write_own(const PodLayout& pod, const NamesPlan& plan, const std::vector<std::string>& addresses,
               const std::string& names) {
    std::string text =
        plan.hosts_of_host ? read_host(host_hosts) : hosts_text(addresses, names, plan.entries);
    if (!plan.hosts_of_host)
        write_plainly(pod.own_hosts(), text);
    write_plainly(pod.hosts(), text);
}

} // namespace

PodNames::PodNames(const Pods& pods, const PodLock& pod, const NamesPlan& plan, NetworkPlan::Kind network,
                   const std::string& hostname)
    : pods_(pods), layout_(pod.layout()) {
    fs::create_directory(layout_.etc());
    if (std::string text = resolver_text(layout_, plan, network); !text.empty())
        write_plainly(layout_.resolv_conf(), text);
    std::optional<std::string> name = view_of(pod).name();
    std::string names = name && *name != hostname ? *name + ' ' + hostname : hostname;
    bool is_own = network == NetworkPlan::Kind::Own;
    write_own(layout_, plan, is_own ? addresses_of(view_of(pod)) : std::vector<std::string>(), names);
    if (!is_own)
        return;
    write_at_once(layout_.names(), names + "\n");
    refresh_hosts(pods_);
}

PodNames::~PodNames() {
    try {
        if (fs::remove(layout_.names()))
            refresh_hosts(pods_);
    } catch (const std::exception& error) {
        warn("taking the pod's name out of the hosts files of others: {}; rkt gc tries again", error.what());
    }
}

void refresh_hosts(const Pods& pods) {
    Lock lock = pods.lock_hosts();
    std::vector<KnownPod> known = known_pods(pods);
    for (const KnownPod& pod : known)
        try {
            tell(pod, known);
        } catch (const std::exception& error) { // one that is just being removed
            trace("writing the hosts file of {}: {}", pod.layout.dir, error.what());
        }
}

} // namespace rkt
