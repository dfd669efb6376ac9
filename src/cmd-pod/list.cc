// SPDX-License-Identifier: Apache-2.0
//
// rkt list: the pods there are.

#include "cmd-pod/pod-json.h"
#include "cmd-pod/verb.h"

#include "base/error.h"
#include "base/moment.h"
#include "base/table.h"
#include "config/json-format.h"

namespace rkt {

namespace {

constexpr std::size_t short_uuid = 8;
constexpr std::size_t short_image_id = 19; // "sha512-" and 12 digits

struct ListOptions {
    bool full = false;
    bool no_legend = false;
};

std::string when(const std::optional<Time>& time, bool full) {
    if (!time)
        return "";
    return full ? in_full(*time) : ago(*time);
}

Row legend(bool full) {
    if (full)
        return {"UUID", "APP", "IMAGE NAME", "IMAGE ID", "STATE", "CREATED", "STARTED", "NETWORKS", "NAME"};
    return {"UUID", "APP", "IMAGE NAME", "STATE", "CREATED", "STARTED", "NETWORKS", "NAME"};
}

// The pod's own cells stand in the row of its first app; the others have blanks there.
std::vector<Row> rows_of(const Pod& pod, bool full) {
    std::vector<PodApp> apps = pod.apps();
    if (apps.empty())
        apps.push_back({.name = "-", .image_id = "-", .image_name = "-"});
    std::vector<Row> rows;
    for (const PodApp& app : apps) {
        bool first = rows.empty();
        std::string uuid = full ? pod.uuid.str() : pod.uuid.str().substr(0, short_uuid);
        Row row = {first ? uuid : "", app.name, app.image_name};
        if (full)
            row.push_back(app.image_id.substr(0, short_image_id));
        if (first)
            row.insert(row.end(), {std::string(str(pod.state)), when(pod.created(), full),
                                   when(pod.started(), full), network_words(pod), pod.name().value_or("")});
        rows.push_back(std::move(row));
    }
    return rows;
}

std::string list_text(const std::vector<Pod>& pods, const ListOptions& options) {
    std::vector<Row> rows;
    if (!options.no_legend)
        rows.push_back(legend(options.full));
    for (const Pod& pod : pods) {
        std::vector<Row> more = rows_of(pod, options.full);
        rows.insert(rows.end(), more.begin(), more.end());
    }
    return align(rows);
}

bool is_listed(const Pod& pod) {
    return pod.place != PodPlace::Embryo && pod.place != PodPlace::Garbage;
}

} // namespace

int list(const Words& words) {
    VerbLine line("rkt list", "Lists the pods.");
    ListOptions options;
    std::optional<std::string> format_word;
    line.flag("--full", options.full, "Whole UUIDs, image IDs and times");
    line.flag("--no-legend", options.no_legend, "No header");
    line.option("--format", format_word, "json or json-pretty");
    std::optional<Session> session = line.read(words);
    if (!session)
        return 0;
    Format format = parse_format(format_word);
    std::vector<Pod> pods = session->pods().list();
    std::erase_if(pods, [](const Pod& pod) { return !is_listed(pod); });
    if (format == Format::Text) {
        fmt::print("{}", list_text(pods, options));
        return 0;
    }
    Json::List all;
    for (const Pod& pod : pods)
        all.push_back(pod_json(pod));
    fmt::print("{}", format_json(std::move(all), format));
    return 0;
}

} // namespace rkt
