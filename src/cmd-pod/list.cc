// SPDX-License-Identifier: Apache-2.0
//
// rkt list: the pods there are.

#include "cmd-pod/pod-json.h"
#include "cmd-pod/pod-table.h"
#include "cmd-pod/verb.h"

#include "base/error.h"
#include "config/json-format.h"

namespace rkt {

namespace {

bool is_listed(const Pod& pod) {
    return pod.place != PodPlace::Embryo && pod.place != PodPlace::Garbage;
}

} // namespace

int list(const Words& words) {
    VerbLine line("rkt list", "Lists the pods.");
    bool full = false;
    bool no_legend = false;
    std::optional<std::string> fields;
    std::optional<std::string> format_word;
    line.flag("--full", full, "Whole UUIDs, image IDs and times, and the ports");
    line.flag("--no-legend", no_legend, "No header");
    line.option("--fields", fields,
                fmt::format("The columns ({}; and imageid, ports)", usual_pod_fields(false)));
    line.option("--format", format_word, "json or json-pretty");
    std::optional<Session> session = line.read(words);
    if (!session)
        return 0;
    Format format = parse_format(format_word);
    if (fields && format != Format::Text)
        throw UsageError("--fields is for the table: --format={} has all there is", *format_word);
    std::vector<PodField> shown =
        parse_pod_fields("--fields", fields.value_or(std::string(usual_pod_fields(full))));
    std::vector<Pod> pods = session->pods().list();
    std::erase_if(pods, [](const Pod& pod) { return !is_listed(pod); });
    if (format == Format::Text) {
        fmt::print("{}", pod_table(pods, shown, {.full = full, .legend = !no_legend}));
        return 0;
    }
    Json::List all;
    for (const Pod& pod : pods)
        all.push_back(pod_json(pod));
    fmt::print("{}", format_json(std::move(all), format));
    return 0;
}

} // namespace rkt
