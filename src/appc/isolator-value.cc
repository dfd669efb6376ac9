// SPDX-License-Identifier: Apache-2.0

#include "appc/isolator-value.h"

#include "appc/limits.h"
#include "appc/quantity.h"
#include "appc/reader.h"
#include "base/text.h"

#include <algorithm>
#include <cstring>

namespace rkt {

namespace {

constexpr std::string_view capabilities[] = {
    "CAP_AUDIT_CONTROL",   "CAP_AUDIT_READ",   "CAP_AUDIT_WRITE",
    "CAP_BLOCK_SUSPEND",   "CAP_BPF",          "CAP_CHECKPOINT_RESTORE",
    "CAP_CHOWN",           "CAP_DAC_OVERRIDE", "CAP_DAC_READ_SEARCH",
    "CAP_FOWNER",          "CAP_FSETID",       "CAP_IPC_LOCK",
    "CAP_IPC_OWNER",       "CAP_KILL",         "CAP_LEASE",
    "CAP_LINUX_IMMUTABLE", "CAP_MAC_ADMIN",    "CAP_MAC_OVERRIDE",
    "CAP_MKNOD",           "CAP_NET_ADMIN",    "CAP_NET_BIND_SERVICE",
    "CAP_NET_BROADCAST",   "CAP_NET_RAW",      "CAP_PERFMON",
    "CAP_SETFCAP",         "CAP_SETGID",       "CAP_SETPCAP",
    "CAP_SETUID",          "CAP_SYSLOG",       "CAP_SYS_ADMIN",
    "CAP_SYS_BOOT",        "CAP_SYS_CHROOT",   "CAP_SYS_MODULE",
    "CAP_SYS_NICE",        "CAP_SYS_PACCT",    "CAP_SYS_PTRACE",
    "CAP_SYS_RAWIO",       "CAP_SYS_RESOURCE", "CAP_SYS_TIME",
    "CAP_SYS_TTY_CONFIG",  "CAP_WAKE_ALARM",
};

bool is_errno_character(char c) noexcept {
    return (c >= 'A' && c <= 'Z') || is_digit(c);
}

// The C library knows one name for each number; these are the others.
bool is_known_errno(std::string_view name) {
    constexpr int last_errno = 4095;
    for (std::string_view alias : {"EWOULDBLOCK", "EDEADLOCK", "ENOTSUP", "EOPNOTSUPP"})
        if (name == alias)
            return true;
    for (int code = 1; code <= last_errno; ++code)
        if (const char* known = ::strerrorname_np(code); known != nullptr && name == known)
            return true;
    return false;
}

void check_errno(Reader& value) {
    std::string name = value.optional_text("errno").value_or("");
    if (name.empty())
        return;
    if (!name.starts_with('E') || !std::ranges::all_of(name, is_errno_character))
        value.fault("errno", fmt::format("\"{}\" is no name of an error such as EPERM", name));
    else if (!is_known_errno(name))
        value.warn("errno", fmt::format("\"{}\" is unknown here, and ignored", name));
}

std::vector<std::string> read_set(Reader& value) {
    value.require("set");
    auto set = value.texts("set", limits::isolator_set);
    if (std::ranges::count(set, "") != 0)
        value.fault("set", "has an empty entry");
    return set;
}

void check_seccomp(Reader& isolator) {
    auto value = isolator.enter("value");
    if (!value)
        return;
    read_set(*value);
    if (const Json* set = value->find("set"); set != nullptr && *set == Json::List())
        value->fault("set", "is empty");
    check_errno(*value);
}

void check_capabilities(Reader& isolator) {
    auto value = isolator.enter("value");
    if (!value)
        return;
    for (const std::string& name : read_set(*value))
        if (std::ranges::find(capabilities, name) == std::end(capabilities))
            value->warn("set", fmt::format("\"{}\" is unknown here, and ignored", name));
}

// The context is told to systemd, to which more would be a specifier, another word or another line, and a
// dash at its beginning leave to go on without.
bool is_context_character(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) ||
           std::string_view("_.,:-").find(c) != std::string_view::npos;
}

void check_selinux(Reader& isolator) {
    auto value = isolator.enter("value");
    if (!value)
        return;
    for (std::string_view part : {"user", "role", "type", "level"}) {
        std::string text = value->filled_text(part);
        if (part != "level" && text.find(':') != std::string::npos)
            value->fault(part, "has a colon");
        else if (!std::ranges::all_of(text, is_context_character) || text.starts_with('-'))
            value->fault(part, "is made of letters, digits and _ . , : -, and does not begin with -");
    }
}

void check_apparmor(Reader& isolator) {
    if (auto value = isolator.enter("value"))
        value->filled_text("profile");
}

void check_no_new_privileges(Reader& isolator) {
    isolator.require("value");
    isolator.flag("value");
}

// A quantity as a string, or, with a warning, as Go lets it pass: a number, or with blanks around it.
std::optional<Quantity> read_quantity(Reader& value, std::string_view name) {
    const Json* member = value.find(name);
    if (member == nullptr)
        return std::nullopt;
    bool number = member->is(Json::Kind::Integer) || member->is(Json::Kind::Real);
    if (!number && !member->is(Json::Kind::String)) {
        value.fault(name, fmt::format("{} where a quantity belongs", name_of(member->kind())));
        return std::nullopt;
    }
    std::string text = number ? member->compact() : member->string();
    if (number || trim(text) != text)
        value.warn(name, fmt::format("should be the string \"{}\"", trim(text)));
    try {
        auto quantity = Quantity::parse(trim(text));
        if (quantity.is_negative())
            value.fault(name, fmt::format("{} is negative", text));
        return quantity;
    } catch (const Error& e) {
        value.fault(name, e.what());
        return std::nullopt;
    }
}

// Cores, or bytes of memory.
void check_resource(Reader& isolator) {
    auto value = isolator.enter("value");
    if (!value)
        return;
    auto request = read_quantity(*value, "request");
    auto limit = read_quantity(*value, "limit");
    if (!value->has("request") && !value->has("limit"))
        value->warn("limit", "is missing, and so is a request: the isolator does nothing");
    if (request && limit && *request > *limit)
        value->warn("request", fmt::format("{} is more than the limit {}", *request, *limit));
}

// Of all devices together, or of all interfaces.
void check_throughput(Reader& isolator) {
    auto value = isolator.enter("value");
    if (!value)
        return;
    value->require("default");
    if (value->optional_flag("default") == false)
        value->fault("default", "must be true");
    if (value->has("request"))
        value->fault("request", "has no meaning for this isolator");
    read_quantity(*value, "limit");
    if (!value->has("limit"))
        value->warn("limit", "is missing: the isolator does nothing");
}

void check_sysctl(Reader& isolator) {
    isolator.require("value");
    isolator.text_map("value", limits::isolator_set);
}

void check_integer(Reader& isolator, std::int64_t least, std::int64_t most) {
    isolator.require("value");
    const Json* value = isolator.find("value");
    if (value == nullptr)
        return;
    bool small = value->is(Json::Kind::Integer) && (value->is_negative() || value->natural() <= INT32_MAX);
    if (!small || value->integer() < least || value->integer() > most)
        isolator.fault("value", fmt::format("is no integer between {} and {}", least, most));
}

void check_oom_score(Reader& isolator) {
    check_integer(isolator, -1000, 1000);
}

void check_cpu_shares(Reader& isolator) {
    check_integer(isolator, 2, 262144);
}

using enum IsolatorOwner;
using enum Repetition;

constexpr IsolatorKind kinds[] = {
    {"os/linux/seccomp-remove-set", App, Refused, check_seccomp},
    {"os/linux/seccomp-retain-set", App, Refused, check_seccomp},
    {"os/linux/capabilities-remove-set", App, Refused, check_capabilities},
    {"os/linux/capabilities-retain-set", App, Refused, check_capabilities},
    {"os/linux/selinux-context", Either, Refused, check_selinux},
    {"os/linux/apparmor-profile", Either, Refused, check_apparmor},
    {"os/linux/no-new-privileges", App, LastCounts, check_no_new_privileges},
    {"os/linux/oom-score-adj", App, Refused, check_oom_score},
    {"os/linux/cpu-shares", App, Refused, check_cpu_shares},
    {"os/unix/sysctl", Pod, Refused, check_sysctl},
    {"resource/cpu", Either, LastCounts, check_resource},
    {"resource/memory", Either, LastCounts, check_resource},
    {"resource/block-bandwidth", Either, LastCounts, check_throughput},
    {"resource/block-iops", Either, LastCounts, check_throughput},
    {"resource/network-bandwidth", Either, LastCounts, check_throughput},
};

} // namespace

std::span<const std::string_view> capability_names() {
    return capabilities;
}

const IsolatorKind* find_isolator_kind(std::string_view name) {
    const auto* found = std::ranges::find(kinds, name, &IsolatorKind::name);
    return found == std::end(kinds) ? nullptr : found;
}

} // namespace rkt
