// SPDX-License-Identifier: Apache-2.0

#include "cmd-pod/app-flags.h"

#include "appc/isolator-words.h"
#include "base/error.h"
#include "base/text.h"
#include "pod/settings.h"
#include "pod/stream-modes.h"

#include <filesystem>

namespace rkt {

namespace {

bool parse_bool(const std::string& text) {
    if (text == "true" || text == "1")
        return true;
    if (text == "false" || text == "0")
        return false;
    throw UsageError("\"{}\" is neither true nor false", text);
}

std::vector<std::uint32_t> parse_gids(const std::string& text) {
    std::vector<std::uint32_t> gids;
    for (std::string_view word : split(text, ',')) {
        auto number = parse_number(trim(word));
        if (!number || *number >= UINT32_MAX)
            throw UsageError("\"{}\" is no number of a group", word);
        gids.push_back(static_cast<std::uint32_t>(*number));
    }
    return gids;
}

void take_exec(AppOptions& options, const std::string& exec) {
    if (options.exec)
        throw UsageError("--exec is given twice for one image");
    options.exec = exec;
}

template <std::optional<std::string> AppOptions::*member>
void set(AppOptions& options, const std::string& value) {
    options.*member = value;
}

template <std::map<std::string, std::string> AppOptions::*member>
void put(AppOptions& options, const std::string& value) {
    auto [key, text] = parse_pair(value);
    (options.*member)[key] = text;
}

template <Isolator (*make)(std::string_view)>
void isolate(AppOptions& options, const std::string& value) {
    replace_isolator(options.isolators, make(value));
}

template <Isolator (*make)(std::string_view)>
void isolate_capabilities(AppOptions& options, const std::string& value) {
    for (const Isolator& isolator : options.isolators)
        if (isolator.name.str().starts_with("os/linux/capabilities-"))
            throw UsageError("--caps-retain and --caps-remove exclude each other, and each is given once");
    isolate<make>(options, value);
}

void annotate(AppOptions& options, const std::string& text) {
    auto [key, value] = parse_pair(text);
    put_named(options.annotations, Annotation{.name = AcIdentifier::parse(key), .value = value});
}

void take_restart(AppOptions& options, const std::string& value) {
    check_restart(value);
    put_named(options.annotations,
              Annotation{.name = AcIdentifier::parse(restart_annotation), .value = value});
}

template <const std::string_view& name, StreamMode (*parse)(std::string_view)>
void take_stream(AppOptions& options, const std::string& value) {
    parse(value);
    put_named(options.annotations, Annotation{.name = AcIdentifier::parse(name), .value = value});
}

constexpr AppFlag flags[] = {
    {"--exec", take_exec, "What to execute instead of the image's program"},
    {"--user", set<&AppOptions::user>, "A name, a number, or a path in the image, whose owner is meant"},
    {"--group", set<&AppOptions::group>, "Likewise"},
    {"--supplementary-gids",
     [](AppOptions& o, const std::string& v) { o.supplementary_gids = parse_gids(v); },
     "Further groups: 1024,2048"},
    {"--working-dir", set<&AppOptions::working_directory>, "The directory the app starts in"},
    {"--readonly-rootfs", [](AppOptions& o, const std::string& v) { o.read_only_rootfs = parse_bool(v); },
     "true: nothing in the app's root can be written; its volumes are as they are"},
    {"--environment",
     [](AppOptions& o, const std::string& v) { put_named(o.environment, parse_variable(v)); },
     "NAME=VALUE; stronger than --set-env"},
    {"--annotation", annotate, "KEY=VALUE of the app"},
    {"--user-annotation", put<&AppOptions::user_annotations>, "KEY=VALUE, shown by rkt list and rkt status"},
    {"--user-label", put<&AppOptions::user_labels>, "Likewise"},
    {"--restart", take_restart, "When systemd starts the app again: no, on-failure, always, … (no)"},
    {"--stdin", take_stream<stdin_annotation, parse_input_mode>,
     "What the app reads from: null, stream (our input, or that of rkt attach), tty (null)"},
    {"--stdout", take_stream<stdout_annotation, parse_output_mode>,
     "What it writes to: log, null, stream, tty (log)"},
    {"--stderr", take_stream<stderr_annotation, parse_output_mode>, "Likewise, for its errors"},
    {"--memory", isolate<memory_isolator>, "The most memory the app may use: 512Mi"},
    {"--cpu", isolate<cpu_isolator>, "The most processor time, in cores: 500m, 2"},
    {"--cpu-shares", isolate<cpu_shares_isolator>,
     "The app's weight when processors are scarce: 2 to 262144"},
    {"--caps-retain", isolate_capabilities<retained_capabilities>,
     "The only capabilities the app may have: CAP_KILL,…"},
    {"--caps-remove", isolate_capabilities<removed_capabilities>,
     "Those of the usual ones that it may not have"},
    {"--seccomp", isolate<seccomp_isolator>,
     "mode=retain|remove[,errno=NAME],CALL[,…]: the system calls it may make, or not"},
    {"--oom-score-adj", isolate<oom_score_isolator>, "How readily the kernel kills it: -1000 to 1000"},
};

} // namespace

std::span<const AppFlag> app_flags() {
    return flags;
}

Mount parse_mount(const std::string& text) {
    std::optional<AcName> volume;
    std::string target;
    for (std::string_view word : split(text, ',')) {
        if (word.starts_with("volume="))
            volume = AcName::parse(word.substr(7));
        else if (word.starts_with("target="))
            target = std::filesystem::path(word.substr(7)).lexically_normal();
        else
            throw UsageError("--mount={}: \"{}\" is neither volume=NAME nor target=PATH", text, word);
    }
    while (target.size() > 1 && target.ends_with('/'))
        target.pop_back();
    if (!volume || !target.starts_with('/'))
        throw UsageError("--mount={}: volume=NAME and target=PATH, from the root, are needed", text);
    return {.volume = *volume, .path = target};
}

std::pair<std::string, std::string> parse_pair(const std::string& text) {
    auto equals = text.find('=');
    if (equals == std::string::npos || equals == 0)
        throw UsageError("\"{}\" is not KEY=VALUE", text);
    return {text.substr(0, equals), text.substr(equals + 1)};
}

} // namespace rkt
