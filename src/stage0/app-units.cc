// SPDX-License-Identifier: Apache-2.0

#include "stage0/app-units.h"

#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "os/cgroup.h"
#include "os/file.h"
#include "os/process.h"
#include "stage0/control.h"

#include <climits>
#include <optional>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

namespace rkt {

namespace {

void take_property(AppUnit& unit, std::string_view name, std::string_view value) {
    if (name == "ActiveState")
        unit.state = value;
    else if (name == "SubState")
        unit.sub_state = value;
    else if (name == "ControlGroup")
        unit.cgroup = value;
    else if (name == "NRestarts")
        unit.restarts = parse_number(value).value_or(0);
    else if (auto number = parse_number(value); name == "MainPID" && number && *number <= INT_MAX)
        unit.pid = static_cast<pid_t>(*number);
}

// The number of a process in the innermost of its pid namespaces, the last of the line NSpid (proc(5)).
std::optional<std::uint64_t> inner_number(pid_t pid) {
    constexpr std::string_view begin = "NSpid:";
    std::string status = read_file_if_any(fmt::format("/proc/{}/status", pid)).value_or("");
    for (std::string_view line : split(status, '\n'))
        if (line.starts_with(begin))
            return parse_number(line.substr(line.rfind('\t') + 1));
    return std::nullopt;
}

// The pod's first process is in init.scope, beside which systemd makes the others.
pid_t number_on_host(const AppUnit& unit, pid_t leader) {
    std::optional<Cgroup> own = Cgroup::of(leader);
    if (!own || unit.pid == 0)
        return 0;
    for (pid_t pid : Cgroup(own->parent().path() + unit.cgroup).processes())
        if (inner_number(pid) == static_cast<std::uint64_t>(unit.pid))
            return pid;
    return 0;
}

std::string show_units(const Pod& pod) {
    std::vector<std::string> names;
    for (const PodApp& app : pod.apps())
        names.push_back(app.name);
    if (names.empty())
        return "";
    Command command = app_command(pod, "app/show", join(names, ","));
    Fd null(::open("/dev/null", O_WRONLY | O_CLOEXEC));
    command.descriptors.emplace_back(null.get(), STDERR_FILENO);
    return output_of(std::move(command));
}

} // namespace

std::map<std::string, AppUnit> parse_units(std::string_view shown) {
    constexpr std::string_view suffix = ".service";
    std::map<std::string, AppUnit> units;
    std::string app;
    AppUnit unit;
    auto keep = [&] {
        if (!app.empty() && !unit.state.empty())
            units.emplace(std::exchange(app, ""), std::exchange(unit, {}));
    };
    for (std::string_view line : split(shown, '\n')) {
        auto equals = line.find('=');
        if (line.empty())
            keep();
        if (equals == std::string_view::npos)
            continue;
        std::string_view value = line.substr(equals + 1);
        if (line.starts_with("Id=") && value.ends_with(suffix))
            app = value.substr(0, value.size() - suffix.size());
        else
            take_property(unit, line.substr(0, equals), value);
    }
    keep();
    return units;
}

std::map<std::string, AppUnit> ask_units(const Pod& pod) {
    std::optional<pid_t> leader = pod.leader();
    if (pod.state != PodState::Running || !leader || ::geteuid() != 0)
        return {};
    try {
        std::map<std::string, AppUnit> units = parse_units(show_units(pod));
        for (auto& [app, unit] : units)
            unit.pid = number_on_host(unit, *leader);
        return units;
    } catch (const Error& error) {
        trace("asking the systemd of the pod {}: {}", pod.uuid, error.what());
        return {};
    }
}

} // namespace rkt
