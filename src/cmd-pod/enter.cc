// SPDX-License-Identifier: Apache-2.0
//
// rkt enter: a command inside an app of a running pod.

#include "cmd-pod/verb.h"

#include "base/error.h"
#include "base/text.h"
#include "os/process.h"
#include "stage0/stage1.h"

#include <algorithm>

namespace rkt {

namespace {

std::string app_of(const Pod& pod, const std::optional<std::string>& asked) {
    std::vector<std::string> names;
    for (const PodApp& app : pod.apps())
        names.push_back(app.name);
    if (asked && std::ranges::find(names, *asked) == names.end())
        throw Error("entering the pod {}: it has no app {}; it has {}", pod.uuid, *asked, join(names, ", "));
    if (!asked && names.size() > 1)
        throw Error("entering the pod {}: say which app with --app; it has {}", pod.uuid, join(names, ", "));
    return asked.value_or(names.front());
}

} // namespace

int enter(const Words& words) {
    VerbLine line("rkt enter [--app=NAME] POD [COMMAND …]",
                  "Runs a command (/bin/bash) in an app of a running pod.");
    std::optional<std::string> asked;
    line.option("--app", asked, "The app, if the pod has several");
    line.stop_at_first_word();
    Words rest = line.parse(words); // the pod, and the command with flags of its own
    std::optional<Session> session = line.session();
    if (!session)
        return 0;
    if (rest.empty())
        throw UsageError("no pod is named");
    require_root("enter");
    Pod pod = session->pods().resolve(rest.front());
    std::optional<pid_t> leader = pod.leader();
    if (pod.state != PodState::Running || !leader)
        throw Error("entering the pod {}: it is {}, not running", pod.uuid, str(pod.state));
    Stage1 stage1 = stage1_of(pod.layout);
    Command command = {.program = stage1.rootfs() / stage1.entry_point("enter"), .directory = pod.layout.dir};
    command.arguments = {fmt::format("--pid={}", *leader), "--appname=" + app_of(pod, asked), "--"};
    if (rest.size() > 1)
        command.arguments.insert(command.arguments.end(), rest.begin() + 1, rest.end());
    else
        command.arguments.emplace_back("/bin/bash");
    return Child::spawn(command).wait();
}

} // namespace rkt
