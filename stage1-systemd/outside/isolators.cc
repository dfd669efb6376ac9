// SPDX-License-Identifier: Apache-2.0

#include "stage1-systemd/outside/isolators.h"

#include "base/error.h"
#include "base/text.h"
#include "os/cgroup.h"
#include "os/file.h"
#include "stage1-systemd/outside/unit-text.h"

#include <algorithm>
#include <filesystem>

namespace rkt {

namespace {

enum class Scope { App, Pod };

// What an isolator is turned into, with the host at hand.
struct Context {
    const HostAbilities& host;
    bool is_root = true; // the app
    Isolation made = {};

    void set(std::string key, std::string value) {
        made.settings.emplace_back(std::move(key), std::move(value));
    }
    void tell(const Isolator& isolator, Outcome outcome, std::string reason = {}) {
        made.verdicts.push_back({isolator.name.str(), outcome, std::move(reason)});
    }
    // Settings without their controller would be taken by systemd, and do nothing.
    bool has(const Isolator& isolator, const std::string& controller) {
        if (host.controllers.contains(controller))
            return true;
        tell(isolator, Outcome::Ignored, fmt::format("this pod's cgroup has no {} controller", controller));
        return false;
    }
};

using Apply = void (*)(const Isolator& isolator, Context& context);

void apply_memory(const Isolator& isolator, Context& context) {
    if (!context.has(isolator, "memory"))
        return;
    if (auto limit = find_quantity(isolator, "limit"))
        context.set("MemoryMax", std::to_string(limit->whole()));
    if (auto request = find_quantity(isolator, "request"))
        context.set("MemoryLow", std::to_string(request->whole()));
    context.tell(isolator, Outcome::Enforced);
}

// A request of one core weighs what an app without one does.
void apply_cpu(const Isolator& isolator, Context& context) {
    constexpr std::int64_t usual_weight = 100;
    constexpr std::int64_t greatest_weight = 10000;
    if (!context.has(isolator, "cpu"))
        return;
    auto limit = find_quantity(isolator, "limit");
    std::int64_t percents = limit ? std::max<std::int64_t>(1, (limit->thousandths() + 9) / 10) : 0;
    if (limit)
        context.set("CPUQuota", fmt::format("{}%", percents));
    if (auto request = find_quantity(isolator, "request")) {
        std::int64_t weight = request->thousandths() * usual_weight / 1000;
        context.set("CPUWeight", std::to_string(std::clamp<std::int64_t>(weight, 1, greatest_weight)));
    }
    if (limit && limit->thousandths() != percents * 10)
        return context.tell(isolator, Outcome::Changed, fmt::format("the limit is {} % of a core", percents));
    context.tell(isolator, Outcome::Enforced);
}

void apply_shares(const Isolator& isolator, Context& context) {
    if (!context.has(isolator, "cpu"))
        return;
    context.set("CPUWeight", std::to_string(weight_of_shares(isolator.value.natural())));
    context.tell(isolator, Outcome::Enforced);
}

void apply_oom_score(const Isolator& isolator, Context& context) {
    context.set("OOMScoreAdjust", std::to_string(isolator.value.integer()));
    context.tell(isolator, Outcome::Enforced);
}

void limit_devices(const Isolator& isolator, Context& context, std::string_view reads,
                   std::string_view writes) {
    if (!context.has(isolator, "io"))
        return;
    auto limit = find_quantity(isolator, "limit");
    if (context.host.block_devices.empty() || !limit)
        return context.tell(isolator, Outcome::Ignored,
                            limit ? "there is no block device" : "it has no limit");
    for (const std::string& device : context.host.block_devices)
        for (std::string_view key : {reads, writes})
            context.set(std::string(key), fmt::format("/dev/block/{} {}", device, limit->whole()));
    context.tell(isolator, Outcome::Enforced);
}

void apply_block_bandwidth(const Isolator& isolator, Context& context) {
    limit_devices(isolator, context, "IOReadBandwidthMax", "IOWriteBandwidthMax");
}

void apply_block_iops(const Isolator& isolator, Context& context) {
    limit_devices(isolator, context, "IOReadIOPSMax", "IOWriteIOPSMax");
}

void ignore_network(const Isolator& isolator, Context& context) {
    context.tell(isolator, Outcome::Ignored, "the bandwidth of an app's network cannot be limited yet");
}

void ignore_sysctl(const Isolator& isolator, Context& context) {
    context.tell(isolator, Outcome::Ignored, "kernel parameters of a pod cannot be set yet");
}

void apply_selinux(const Isolator& isolator, Context& context) {
    if (!context.host.selinux)
        return context.tell(isolator, Outcome::Ignored, "this host has no SELinux");
    auto part = [&](const char* name) { return isolator.value.at(name).string(); };
    context.set("SELinuxContext",
                fmt::format("{}:{}:{}:{}", part("user"), part("role"), part("type"), part("level")));
    context.tell(isolator, Outcome::Enforced);
}

void apply_apparmor(const Isolator& isolator, Context& context) {
    if (!context.host.profiles)
        return context.tell(isolator, Outcome::Ignored, "this host has no AppArmor");
    const std::string& profile = isolator.value.at("profile").string();
    if (!context.host.profiles->contains(profile))
        throw Error("isolator {}: the profile {} is not loaded; apparmor_parser loads it", isolator.name,
                    profile);
    context.set("AppArmorProfile", without_specifiers(profile));
    context.tell(isolator, Outcome::Enforced);
}

void say_privileges(const Isolator& isolator, Context& context) {
    if (!isolator.value.boolean() && !context.is_root)
        return context.tell(isolator, Outcome::Changed,
                            "an app that is not root never becomes more than it is");
    context.tell(isolator, Outcome::Enforced);
}

// Done elsewhere, whatever the host.
void say_enforced(const Isolator& isolator, Context& context) {
    context.tell(isolator, Outcome::Enforced);
}

struct Known {
    std::string_view name;
    Apply in_app; // a null pointer where it has no meaning
    Apply in_pod;
};

constexpr Known known[] = {
    {"resource/memory", apply_memory, apply_memory},
    {"resource/cpu", apply_cpu, apply_cpu},
    {"resource/block-bandwidth", apply_block_bandwidth, apply_block_bandwidth},
    {"resource/block-iops", apply_block_iops, apply_block_iops},
    {"resource/network-bandwidth", ignore_network, ignore_network},
    {"os/linux/cpu-shares", apply_shares, nullptr},
    {"os/linux/oom-score-adj", apply_oom_score, nullptr},
    {"os/linux/selinux-context", apply_selinux, say_enforced},
    {"os/linux/apparmor-profile", apply_apparmor, say_enforced},
    {"os/linux/capabilities-retain-set", say_enforced, nullptr},
    {"os/linux/capabilities-remove-set", say_enforced, nullptr},
    {"os/linux/seccomp-retain-set", say_enforced, nullptr},
    {"os/linux/seccomp-remove-set", say_enforced, nullptr},
    {"os/linux/no-new-privileges", say_privileges, nullptr},
    {"os/unix/sysctl", nullptr, ignore_sysctl},
};

void apply(const Isolator& isolator, const std::vector<Isolator>& all, Scope scope, Context& context) {
    if (find_isolator(all, isolator.name.str()) != &isolator)
        return context.tell(isolator, Outcome::Ignored, "another one of this name follows it");
    const auto* found = std::ranges::find(known, isolator.name.str(), &Known::name);
    if (found == std::end(known))
        return context.tell(isolator, Outcome::Ignored, "it is not known");
    Apply act = scope == Scope::App ? found->in_app : found->in_pod;
    if (act == nullptr)
        return context.tell(isolator, Outcome::Ignored,
                            scope == Scope::App ? "it is for pods" : "it is for apps");
    act(isolator, context);
}

bool is_label(const Isolator& isolator) {
    return isolator.name == "os/linux/selinux-context" || isolator.name == "os/linux/apparmor-profile";
}

// The lines of the kernel's list are "NAME (MODE)".
std::optional<std::set<std::string>> loaded_profiles() {
    if (trim(read_file_if_any("/sys/module/apparmor/parameters/enabled").value_or("")) != "Y")
        return std::nullopt;
    std::set<std::string> names;
    std::string text = read_file_if_any("/sys/kernel/security/apparmor/profiles").value_or("");
    for (std::string_view line : split(text, '\n'))
        if (auto mode = line.rfind(" ("); mode != std::string_view::npos)
            names.emplace(line.substr(0, mode));
    return names;
}

std::vector<std::string> numbers_of_block_devices() {
    std::vector<std::string> numbers;
    std::error_code none;
    for (const auto& entry : std::filesystem::directory_iterator("/sys/block", none))
        if (auto number = read_file_if_any(entry.path() / "dev"))
            numbers.emplace_back(trim(*number));
    std::ranges::sort(numbers);
    return numbers;
}

} // namespace

HostAbilities HostAbilities::find(const std::optional<Cgroup>& cgroup) {
    return {.controllers = cgroup ? cgroup->controllers() : std::set<std::string>(),
            .selinux = std::filesystem::exists("/sys/fs/selinux/enforce"),
            .profiles = loaded_profiles(),
            .block_devices = numbers_of_block_devices()};
}

std::string_view str(Outcome outcome) noexcept {
    switch (outcome) {
    case Outcome::Enforced:
        return "enforced";
    case Outcome::Changed:
        return "changed";
    case Outcome::Ignored:
        break;
    }
    return "ignored";
}

std::uint64_t weight_of_shares(std::uint64_t shares) noexcept {
    constexpr std::uint64_t least = 2;
    constexpr std::uint64_t most = 262144;
    return 1 + (std::clamp(shares, least, most) - least) * 9999 / (most - least);
}

Isolation isolate_app(const std::vector<Isolator>& app, const std::vector<Isolator>& pod,
                      const HostAbilities& host, bool is_root) {
    Context context{.host = host, .is_root = is_root};
    for (const Isolator& isolator : app)
        apply(isolator, app, Scope::App, context);
    Context inherited{.host = host, .is_root = is_root};
    for (const Isolator& isolator : pod)
        if (is_label(isolator) && find_isolator(app, isolator.name.str()) == nullptr)
            apply(isolator, pod, Scope::App, inherited);
    context.made.settings.insert(context.made.settings.end(), inherited.made.settings.begin(),
                                 inherited.made.settings.end());
    return std::move(context.made);
}

Isolation isolate_pod(const std::vector<Isolator>& pod, const HostAbilities& host) {
    Context context{.host = host};
    for (const Isolator& isolator : pod)
        apply(isolator, pod, Scope::Pod, context);
    return std::move(context.made);
}

} // namespace rkt
