// SPDX-License-Identifier: Apache-2.0

#include "stage0/control.h"

#include "base/error.h"
#include "os/process.h"
#include "stage0/stage1.h"

namespace rkt {

namespace {

// The contract of stage1 has no word for a restart; ours has.
const char* entry_of(AppAction action) {
    switch (action) {
    case AppAction::Start:
        return "app/start";
    case AppAction::Stop:
        return "app/stop";
    case AppAction::Restart:
        break;
    }
    return "app/restart";
}

} // namespace

void control_app(const Pod& pod, AppAction action, const std::string& app) {
    std::optional<pid_t> leader = pod.leader();
    if (pod.state != PodState::Running || !leader)
        throw Error("controlling the pod {}: it is {}, not running", pod.uuid, str(pod.state));
    Stage1 stage1 = stage1_of(pod.layout);
    Command command = {.program = stage1.root / stage1.entry_point(entry_of(action)),
                       .arguments = {"--debug=false", "--app=" + app},
                       .directory = pod.layout.dir};
    command.environment = std::vector<std::string>{
        "PATH=/usr/sbin:/usr/bin:/sbin:/bin", fmt::format("RKT_STAGE1_ENTERPID={}", *leader),
        "RKT_STAGE1_ENTERCMD=" + (stage1.root / stage1.entry_point("enter")).native()};
    if (int status = Child::spawn(command).wait(); status != 0)
        throw Error("controlling the app {} of the pod {}: its stage1 ended with status {}", app, pod.uuid,
                    status);
}

} // namespace rkt
