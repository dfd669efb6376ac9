// SPDX-License-Identifier: Apache-2.0

#include "cmd-pod/pod-table.h"

#include "base/moment.h"
#include "base/table.h"
#include "cmd-pod/pod-json.h"
#include "config/fields.h"

#include <array>

namespace rkt {

namespace {

constexpr std::size_t short_uuid = 8;
constexpr std::size_t short_image_id = 19; // "sha512-" and 12 digits

std::string when(const std::optional<Time>& time, bool full) {
    if (!time)
        return "";
    return full ? in_full(*time) : ago(*time);
}

// Those of the app; those of no app stand with the first one.
std::string port_words(const PodRow& row) {
    std::string text;
    for (const PodPort& port : row.pod.ports())
        if (port.app == row.app.name || (row.first && port.app.empty()))
            text += (text.empty() ? "" : ", ") + port.str();
    return text;
}

using Asked = const PodRow&;

constexpr std::array fields = {
    PodField{
        "uuid", "UUID", false,
        [](Asked row) { return row.full ? row.pod.uuid.str() : row.pod.uuid.str().substr(0, short_uuid); }},
    PodField{"app", "APP", true, [](Asked row) { return row.app.name; }},
    PodField{"imagename", "IMAGE NAME", true, [](Asked row) { return row.app.image_name; }},
    PodField{"imageid", "IMAGE ID", true,
             [](Asked row) { return row.app.image_id.substr(0, short_image_id); }},
    PodField{"state", "STATE", false, [](Asked row) { return std::string(str(row.pod.state)); }},
    PodField{"created", "CREATED", false, [](Asked row) { return when(row.pod.created(), row.full); }},
    PodField{"started", "STARTED", false, [](Asked row) { return when(row.pod.started(), row.full); }},
    PodField{"networks", "NETWORKS", false, [](Asked row) { return network_words(row.pod); }},
    PodField{"name", "NAME", false, [](Asked row) { return row.pod.name().value_or(""); }},
    PodField{"ports", "PORTS", true, port_words},
};

std::vector<PodApp> apps_of(const Pod& pod) {
    std::vector<PodApp> apps = pod.apps();
    if (apps.empty())
        apps.push_back({.name = "-", .image_id = "-", .image_name = "-"});
    return apps;
}

void add_rows(std::vector<Row>& rows, const Pod& pod, const std::vector<PodField>& shown, bool full) {
    bool first = true;
    for (const PodApp& app : apps_of(pod)) {
        Row row;
        for (const PodField& field : shown)
            row.push_back(first || field.of_app ? field.cell({pod, app, first, full}) : "");
        while (row.size() > 1 && row.back().empty())
            row.pop_back();
        rows.push_back(std::move(row));
        first = false;
    }
}

} // namespace

std::string_view usual_pod_fields(bool full) {
    return full ? "uuid,app,imagename,imageid,state,created,started,networks,name,ports"
                : "uuid,app,imagename,state,created,started,networks,name";
}

std::vector<PodField> parse_pod_fields(const char* flag, std::string_view names) {
    return parse_fields(flag, names, fields);
}

std::string pod_table(const std::vector<Pod>& pods, const std::vector<PodField>& shown,
                      const PodTableForm& form) {
    std::vector<Row> rows;
    Row legend;
    for (const PodField& field : shown)
        legend.emplace_back(field.legend);
    if (form.legend)
        rows.push_back(legend);
    for (const Pod& pod : pods)
        add_rows(rows, pod, shown, form.full);
    return align(rows);
}

} // namespace rkt
