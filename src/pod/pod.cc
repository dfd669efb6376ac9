// SPDX-License-Identifier: Apache-2.0

#include "pod/pod.h"

#include "base/moment.h"
#include "base/text.h"
#include "os/file.h"
#include "pod/record.h"

#include <algorithm>

#include <sys/stat.h>

namespace rkt {

namespace {

std::optional<Time> time_of(const std::filesystem::path& file) {
    struct stat status = {};
    if (::lstat(file.c_str(), &status) < 0)
        return std::nullopt;
    return moment_of(status.st_mtim);
}

std::optional<std::string> line_of(const std::filesystem::path& file) {
    std::optional<std::string> text = read_file_if_any(file);
    if (!text)
        return std::nullopt;
    return std::string(trim(*text));
}

std::optional<pid_t> pid_in(const std::filesystem::path& file) {
    std::optional<std::uint64_t> pid = parse_number(line_of(file).value_or(""));
    if (!pid || *pid > INT32_MAX)
        return std::nullopt;
    return static_cast<pid_t>(*pid);
}

// The directory is root's: everyone else does not know how an app ended.
void read_end(PodApp& app, const PodLayout& layout) {
    constexpr std::size_t longest = 16;
    if (std::optional<Record> started = Record::find(layout, layout.app_started(app.name)))
        app.started = started->time();
    std::optional<Record> ended = Record::find(layout, layout.status(app.name));
    if (!ended || (app.started && ended->time() < *app.started))
        return; // it has been started again since
    std::string text = ended->text(longest).value_or("");
    std::optional<std::uint64_t> status = parse_number(trim(text));
    if (!status || *status > 255)
        return;
    app.status = static_cast<int>(*status);
    app.finished = ended->time();
}

} // namespace

std::string machine_name(const Uuid& uuid, const std::optional<std::string>& name) {
    return "rkt-" + (name ? *name : uuid.str());
}

std::optional<std::string> Pod::name() const {
    return line_of(layout.name());
}

std::string Pod::machine() const {
    return machine_name(uuid, name());
}

std::vector<PodApp> Pod::apps() const {
    std::vector<PodApp> apps;
    std::string text = read_file_if_any(layout.apps()).value_or("");
    for (std::string_view line : split(text, '\n')) {
        std::vector<std::string_view> words = split(line, ' ');
        if (words.size() != 3)
            continue;
        PodApp app = {.name = std::string(words[0]),
                      .image_id = std::string(words[1]),
                      .image_name = std::string(words[2])};
        read_end(app, layout);
        apps.push_back(std::move(app));
    }
    return apps;
}

std::vector<PodIsolator> Pod::isolators() const {
    std::vector<PodIsolator> isolators;
    std::string text = read_file_if_any(layout.isolators()).value_or("");
    for (std::string_view line : split(text, '\n')) {
        std::vector<std::string_view> words = split(line, ' ');
        if (words.size() < 3)
            continue;
        std::size_t told = words[0].size() + words[1].size() + words[2].size() + 3;
        isolators.push_back({.app = std::string(words[0]),
                             .name = std::string(words[1]),
                             .outcome = std::string(words[2]),
                             .reason = std::string(line.substr(std::min(told, line.size())))});
    }
    return isolators;
}

std::optional<Time> Pod::created() const {
    return time_of(layout.created());
}

std::optional<Time> Pod::started() const {
    return time_of(layout.pid());
}

std::optional<pid_t> Pod::leader() const {
    return pid_in(layout.pid());
}

std::optional<pid_t> Pod::watcher() const {
    return pid_in(layout.ppid());
}

std::optional<Cgroup> Pod::cgroup() const {
    std::optional<std::string> path = line_of(layout.cgroup());
    if (!path || path->empty())
        return std::nullopt;
    return Cgroup(*path);
}

std::vector<PodPlaceInNetwork> Pod::networks() const {
    std::vector<PodPlaceInNetwork> places;
    std::string text = read_file_if_any(layout.networks()).value_or("");
    for (std::string_view line : split(text, '\n')) {
        std::vector<std::string_view> words = split(line, ' ');
        if (words.size() < 2)
            continue;
        places.push_back(
            {.network = std::string(words[0]), .interface = std::string(words[1]), .addresses = {}});
        for (std::size_t i = 2; i < words.size(); ++i)
            places.back().addresses.emplace_back(words[i]);
    }
    return places;
}

std::vector<PodPort> Pod::ports() const {
    if (state != PodState::Running) // nothing leads to where nobody is
        return {};
    return parse_port_lines(read_file_if_any(layout.ports()).value_or(""));
}

std::optional<int> status_of(const std::vector<PodApp>& apps) {
    const PodApp* first = nullptr;
    bool unknown = false;
    for (const PodApp& app : apps) {
        unknown = unknown || !app.status;
        if (app.status.value_or(0) != 0 && (first == nullptr || app.finished < first->finished))
            first = &app;
    }
    if (first != nullptr)
        return first->status;
    return unknown ? std::nullopt : std::optional(0);
}

} // namespace rkt
