// SPDX-License-Identifier: Apache-2.0

#include "stage0/network.h"

#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "os/file.h"
#include "os/lock.h"
#include "os/net-namespace.h"
#include "stage0/ports.h"

#include <algorithm>

namespace rkt {

namespace {

Json ports_json(const std::vector<PortMapping>& mappings) {
    Json::List list;
    for (const PortMapping& mapping : mappings)
        list.push_back(mapping.json());
    return list;
}

// One network of a pod, as it is written down.
struct Attached {
    NetworkConfig config;
    Attachment attachment;
    RuntimeConfig runtime = {};
    std::optional<Json> result = {}; // nothing until the plugins have done it

    Json json() const {
        std::vector<std::string> path(attachment.path.begin(), attachment.path.end());
        Json json = Json::Object{};
        json.set("config", config.json()).set("container", attachment.container);
        json.set("netns", attachment.netns.native()).set("interface", attachment.interface);
        json.set("arguments", attachment.arguments).set("path", path).set("runtime", runtime);
        if (result)
            json.set("result", *result);
        return json;
    }

    static Attached parse(const Json& json) {
        std::vector<std::string> path = json.at("path").strings();
        Attached attached = {.config = NetworkConfig::parse(json.at("config").compact()),
                             .attachment = {.container = json.at("container").string(),
                                            .netns = json.at("netns").string(),
                                            .interface = json.at("interface").string(),
                                            .arguments = json.at("arguments").string(),
                                            .path = {path.begin(), path.end()}},
                             .runtime = json.at("runtime").object()};
        if (const Json* result = json.find("result"))
            attached.result = *result;
        return attached;
    }
};

// What stands in the pod's directory.
struct Record {
    std::filesystem::path netns;
    std::vector<PortMapping> ports = {}; // of the host, that are the pod's from when this is written
    std::vector<Attached> networks = {};

    void write(const PodLayout& pod) const {
        Json::List list;
        for (const Attached& attached : networks)
            list.push_back(attached.json());
        Json json = Json::Object{};
        json.set("netns", netns.native()).set("networks", std::move(list)).set("ports", ports_json(ports));
        write_at_once(pod.network_record(), json.compact() + "\n", secret_mode);
    }

    static std::optional<Record> read(const PodLayout& pod) {
        std::optional<std::string> text = read_file_if_any(pod.network_record());
        if (!text)
            return std::nullopt;
        try {
            return parse(Json::parse_object(*text));
        } catch (Error& error) {
            error.during("reading {}", pod.network_record());
            throw;
        }
    }

    static Record parse(const Json& json) {
        Record record = {.netns = json.at("netns").string()};
        for (const Json& attached : json.at("networks").list())
            record.networks.push_back(Attached::parse(attached));
        for (const Json& mapping : json.at("ports").list())
            record.ports.push_back(PortMapping::parse(mapping));
        return record;
    }
};

std::filesystem::path net_namespace_of(const PodLayout& pod) {
    return "/run/netns/rkt-" + pod.dir.filename().native();
}

// What a crash of the host has left is of no pod that runs.
std::optional<Record> read_if_whole(const PodLayout& pod, std::optional<Record> otherwise) {
    try {
        return Record::read(pod);
    } catch (const SystemError&) {
        throw;
    } catch (const Error& error) {
        warn("passing over what a crash has left of a pod's networks: {}", error.what());
        return otherwise;
    }
}

constexpr std::string_view port_capability = "portMappings";

bool forwards(const Json& plugin) {
    const Json* capabilities = plugin.find("capabilities");
    const Json* ports = capabilities != nullptr ? capabilities->find(port_capability) : nullptr;
    return ports != nullptr && ports->boolean();
}

// One plugin without a list says nothing of ports: rkt forwards them all the same.
void append_portmap(NetworkConfig& config) {
    config.plugins.push_back(
        Json::parse(R"({"type": "portmap", "capabilities": {"portMappings": true}, "snat": true})"));
}

// The network that leads the host's ports into the pod.
void add_ports(std::vector<Attached>& networks, const std::vector<PortMapping>& mappings) {
    for (Attached& attached : networks) {
        if (attached.config.plugins.size() == 1)
            append_portmap(attached.config);
        if (std::ranges::any_of(attached.config.plugins, forwards)) {
            attached.runtime[std::string(port_capability)] = ports_json(mappings);
            return;
        }
    }
    throw Error("forwarding ports: no network of the pod has a plugin with the capability portMappings");
}

std::vector<Attached> plan_attachments(const PodLock& pod, const NetworkPlan& plan, const Record& record) {
    std::vector<Attached> networks;
    for (const PlannedNetwork& planned : plan.networks)
        networks.push_back({.config = planned.config,
                            .attachment = {.container = pod.uuid().str(),
                                           .netns = record.netns,
                                           .interface = planned.interface,
                                           .arguments = planned.arguments,
                                           .path = plan.plugin_path}});
    if (!record.ports.empty())
        add_ports(networks, record.ports);
    else
        for (Attached& attached :
             networks) // what would do nothing need not be called for the networks of ours
            if (attached.config.file.empty())
                std::erase_if(attached.config.plugins, forwards);
    return networks;
}

void check_ports(const Pods& pods, const PodLock& self, const std::vector<PortMapping>& mappings) {
    if (mappings.empty())
        return;
    for (const Pod& pod : pods.list()) {
        std::optional<Record> record;
        if (pod.uuid != self.uuid())
            record = read_if_whole(pod.layout, std::nullopt);
        if (!record)
            continue;
        for (const PortMapping& taken : record->ports)
            for (const PortMapping& mapping : mappings)
                if (taken.collides(mapping))
                    throw Error("the host's port {} leads to the pod {} already{}", mapping.str(),
                                pod.name().value_or(pod.uuid.str()),
                                pod.state == PodState::Running ? ""
                                                               : ", which has ended: rkt gc gives it back");
    }
    for (const PortMapping& mapping : mappings)
        check_port_is_free(mapping);
}

// For everybody to read: a line each, NAME INTERFACE ADDRESS/BITS…
std::string words_of(const Record& record) {
    std::string text;
    for (const Attached& attached : record.networks) {
        text += attached.config.name + ' ' + attached.attachment.interface;
        for (const NetworkAddress& address :
             NetworkResult::parse(attached.result.value_or(Json::Object{})).addresses)
            text += fmt::format(" {}/{}", address.address, address.prefix);
        text += '\n';
    }
    return text;
}

// One that is not there can undo nothing, either.
void check_plugins(const std::vector<Attached>& networks) {
    for (const Attached& attached : networks)
        for (const Json& plugin : attached.config.plugins)
            find_plugin(plugin.at("type").string(), attached.attachment);
}

// What is about to be made is written down first.
void make_networks(const PodLock& pod, Record& record, std::vector<Attached> planned) {
    for (Attached& attached : planned) {
        Attached& here = record.networks.emplace_back(std::move(attached));
        record.write(pod.layout());
        try {
            here.result = attach(here.config, here.attachment, here.runtime);
        } catch (Error& error) {
            error.during("attaching the pod to the network {}", here.config.name);
            throw;
        }
        record.write(pod.layout());
    }
    write_at_once(pod.layout().networks(), words_of(record));
}

} // namespace

PodNetwork::PodNetwork(const Pods& pods, const PodLock& pod, const NetworkPlan& plan,
                       const PodManifest& manifest)
    : layout_(pod.layout()), host_(MountNamespace::own()) {
    Record record = {.netns = net_namespace_of(layout_), .ports = port_mappings(manifest, pod.layout())};
    std::vector<Attached> planned = plan_attachments(pod, plan, record);
    check_plugins(planned);
    try {
        {
            Lock lock = pods.lock_ports();
            check_ports(pods, pod, record.ports);
            record.write(pod.layout());
        }
        make_net_namespace(record.netns);
        make_networks(pod, record, std::move(planned));
        space_ = open_net_namespace(record.netns);
    } catch (const Error&) {
        try {
            give_back_networks(layout_);
        } catch (const Error& error) {
            warn("giving the pod's networks back: {}", error.what());
        }
        throw;
    }
}

PodNetwork::~PodNetwork() {
    try {
        space_.reset();
        host_.enter();
        give_back_networks(layout_);
    } catch (const Error& error) {
        warn("giving the pod's networks back: {}; rkt gc tries again", error.what());
    }
}

NetworkDns dns_of_networks(const PodLayout& pod) {
    std::optional<Record> record = Record::read(pod);
    if (record)
        for (const Attached& attached : record->networks)
            if (NetworkDns dns = NetworkResult::parse(attached.result.value_or(Json::Object{})).dns;
                dns != NetworkDns())
                return dns;
    return {};
}

void give_back_networks(const PodLayout& pod) {
    std::optional<Record> record = read_if_whole(pod, Record{.netns = net_namespace_of(pod)});
    if (!record)
        return;
    for (auto attached = record->networks.rbegin(); attached != record->networks.rend(); ++attached)
        try {
            detach(attached->config, attached->attachment, attached->runtime, attached->result);
        } catch (Error& error) {
            error.during("detaching the pod from the network {}", attached->config.name);
            throw;
        }
    remove_net_namespace(record->netns);
    std::filesystem::remove(pod.network_record());
}

} // namespace rkt
