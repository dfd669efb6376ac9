// SPDX-License-Identifier: Apache-2.0

#include "appc/app.h"

#include "appc/limits.h"
#include "appc/path.h"
#include "appc/reader.h"
#include "appc/writer.h"

#include <algorithm>

namespace rkt {

namespace {

using Event = EventHandler::Event;

constexpr std::uint64_t last_port = 65535;

Event read_event(Reader& reader) {
    std::string name = reader.text("name");
    if (reader.has("name") && name != "pre-start" && name != "post-stop")
        reader.fault("name", fmt::format("\"{}\" is neither pre-start nor post-stop", name));
    return name == "post-stop" ? Event::PostStop : Event::PreStart;
}

std::string_view event_name(Event event) {
    return event == Event::PreStart ? "pre-start" : "post-stop";
}

EventHandler read_handler(Reader& reader) {
    return {.event = read_event(reader),
            .exec = reader.texts("exec", limits::exec_words),
            .unknown = reader.rest()};
}

std::vector<EventHandler> read_handlers(Reader& reader) {
    auto handlers = reader.list("eventHandlers", limits::event_handlers, read_handler);
    for (Event event : {Event::PreStart, Event::PostStop})
        if (std::ranges::count(handlers, event, &EventHandler::event) > 1)
            reader.fault("eventHandlers", fmt::format("\"{}\" is there twice", event_name(event)));
    return handlers;
}

// The spec's own example spells the member supplementaryGids (ACI-16).
std::vector<std::uint32_t> read_gids(Reader& reader) {
    auto gids = reader.numbers("supplementaryGIDs", limits::supplementary_gids);
    auto alias = reader.numbers("supplementaryGids", limits::supplementary_gids);
    if (reader.has("supplementaryGids") && reader.has("supplementaryGIDs"))
        reader.fault("supplementaryGids", "is another spelling of supplementaryGIDs, which is there too");
    return gids.empty() ? alias : gids;
}

std::string read_working_directory(Reader& reader) {
    std::string directory = reader.optional_text("workingDirectory").value_or("/");
    if (!directory.starts_with('/'))
        reader.fault("workingDirectory", fmt::format("\"{}\" is not absolute", directory));
    else if (directory.size() > limits::path_length)
        reader.fault("workingDirectory", "the path is too long");
    return directory;
}

MountPoint read_mount_point(Reader& reader) {
    return {.name = reader.word<AcName>("name"),
            .path = read_clean_path(reader, "path"),
            .read_only = reader.flag("readOnly"),
            .unknown = reader.rest()};
}

std::vector<MountPoint> read_mount_points(Reader& reader) {
    auto points = reader.named_list("mountPoints", limits::mount_points, read_mount_point);
    std::vector<std::string> paths;
    paths.reserve(points.size());
    for (const MountPoint& point : points)
        paths.push_back(point.path);
    refuse_nested(reader, "mountPoints", std::move(paths));
    return points;
}

} // namespace

Json EventHandler::json() const {
    return Writer(unknown).set("name", event_name(event)).texts("exec", exec).take();
}

Json MountPoint::json() const {
    return Writer(unknown)
        .set("name", name)
        .set("path", path)
        .set_unless(false, "readOnly", read_only)
        .take();
}

Json Port::json() const {
    return Writer(unknown)
        .set("name", name)
        .set("protocol", protocol)
        .set("port", port)
        .set_unless(std::uint16_t{1}, "count", count)
        .set_unless(false, "socketActivated", socket_activated)
        .take();
}

Json App::json() const {
    return Writer(unknown)
        .texts("exec", exec)
        .set("user", user)
        .set("group", group)
        .numbers("supplementaryGIDs", supplementary_gids)
        .list("eventHandlers", event_handlers)
        .set_unless(std::string("/"), "workingDirectory", working_directory)
        .list("environment", environment)
        .list("isolators", isolators)
        .list("mountPoints", mount_points)
        .list("ports", ports)
        .text_map("userAnnotations", user_annotations)
        .text_map("userLabels", user_labels)
        .take();
}

const EventHandler* find_handler(const App& app, EventHandler::Event event) {
    auto found = std::ranges::find(app.event_handlers, event, &EventHandler::event);
    return found == app.event_handlers.end() ? nullptr : &*found;
}

Port read_port(Reader& reader) {
    Port port{.name = reader.word<AcName>("name"),
              .protocol = reader.filled_text("protocol"),
              .port = static_cast<std::uint16_t>(reader.number("port", 1, last_port)),
              .count = static_cast<std::uint16_t>(reader.optional_number("count", 1, last_port).value_or(1)),
              .socket_activated = reader.flag("socketActivated"),
              .unknown = reader.rest()};
    if (port.port + port.count - 1U > last_port)
        reader.fault("count",
                     fmt::format("{} ports from {} on end above {}", port.count, port.port, last_port));
    return port;
}

App read_app(Reader& reader) {
    return {.exec = reader.texts("exec", limits::exec_words),
            .user = reader.filled_text("user"),
            .group = reader.filled_text("group"),
            .supplementary_gids = read_gids(reader),
            .event_handlers = read_handlers(reader),
            .working_directory = read_working_directory(reader),
            .environment = read_environment(reader),
            .isolators = read_isolators(reader, IsolatorScope::App),
            .mount_points = read_mount_points(reader),
            .ports = reader.named_list("ports", limits::ports, read_port),
            .user_annotations = reader.text_map("userAnnotations", limits::user_pairs),
            .user_labels = reader.text_map("userLabels", limits::user_pairs),
            .unknown = reader.rest()};
}

} // namespace rkt
