// SPDX-License-Identifier: Apache-2.0
//
// rkt logs: what apps have written.

#include "cmd-pod/pod-words.h"
#include "cmd-pod/verb.h"

#include "base/error.h"
#include "base/text.h"
#include "os/loop.h"
#include "os/process.h"
#include "stage0/output.h"

#include <algorithm>
#include <csignal>

namespace rkt {

namespace {

// All of the pod's apps, or the one that is named behind the pod.
std::vector<std::string> apps_of(const Pod& pod, const std::vector<std::string>& asked) {
    std::vector<std::string> names;
    for (const PodApp& app : pod.apps())
        names.push_back(app.name);
    if (asked.empty())
        return names;
    for (const std::string& name : asked)
        if (std::ranges::find(names, name) == names.end())
            throw Error("reading the logs of the pod {}: it has no app {}; it has {}", pod.uuid, name,
                        join(names, ", "));
    return asked;
}

// Until the pod has ended, and then what it wrote last.
void follow(Output& output, const Pod& pod) {
    std::optional<pid_t> leader = pod.leader();
    Fd process = leader && pod.state == PodState::Running ? open_pidfd(*leader) : Fd();
    if (!process)
        return;
    Loop loop;
    loop.watch(process.get(), [&] { loop.stop(); });
    loop.watch(output.fd(), [&] {
        if (!output.print_all())
            loop.stop();
    });
    loop.run();
    output.print_all();
}

std::optional<std::size_t> parse_lines(const std::optional<std::string>& text) {
    if (!text)
        return std::nullopt;
    std::optional<std::uint64_t> number = parse_number(*text);
    if (!number || *number > 1000000000)
        throw UsageError("--lines takes a number, not {}", *text);
    return *number;
}

} // namespace

int logs(const Words& words) {
    VerbLine line("rkt logs [--follow] POD [APP …]",
                  "Prints what a pod's apps have written, also after its end.");
    PodWords named(line);
    OutputOptions options;
    std::optional<std::string> last;
    line.flag("-f,--follow", options.followed, "Go on with what comes, until the pod ends");
    line.flag("-t,--timestamps", options.timed, "The time before each line");
    line.option("-n,--lines", last, "Only so many of the last lines");
    std::optional<Session> session = line.read(words);
    if (!session)
        return 0;
    Pod pod = named.one(session->pods());
    options.apps = apps_of(pod, named.rest());
    if (options.apps.empty())
        return 0; // without a name all lines of the pod would be meant
    options.prefixed = options.apps.size() > 1;
    options.last = parse_lines(last);
    std::signal(SIGPIPE, SIG_IGN);
    Output output(journal_of(pod.layout, pod.uuid.machine_id()), options);
    if (output.print_all() && options.followed)
        follow(output, pod);
    return 0;
}

} // namespace rkt
