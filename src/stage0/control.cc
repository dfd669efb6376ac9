// SPDX-License-Identifier: Apache-2.0

#include "stage0/control.h"

#include "base/error.h"
#include "pod/record.h"
#include "stage0/stage1.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>

#include <poll.h>
#include <sys/inotify.h>
#include <unistd.h>

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

bool is_recorded(const Pod& pod, const std::string& name) {
    std::vector<PodApp> apps = pod.apps();
    auto app = std::ranges::find(apps, name, &PodApp::name);
    return app == apps.end() || !app->started || app->status;
}

// The pod's systemd has stopped an app a moment before its end is recorded. However much the pod writes
// there meanwhile, it is waited for no longer.
void await_record(const Pod& pod, const std::string& app) {
    using namespace std::chrono;
    constexpr milliseconds patience(6000); // as long as stage1 waits for the journal, and a second
    std::optional<Dir> statuses = find_record_dir(pod.layout, pod.layout.statuses());
    if (!statuses)
        return;
    Fd events(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
    std::string place = fmt::format("/proc/self/fd/{}", statuses->fd());
    if (!events || ::inotify_add_watch(events.get(), place.c_str(), IN_MOVED_TO) < 0)
        throw SystemError(errno, "watching {}", statuses->path());
    pollfd polled = {.fd = events.get(), .events = POLLIN, .revents = 0};
    auto end = steady_clock::now() + patience;
    while (!is_recorded(pod, app)) {
        auto left = duration_cast<milliseconds>(end - steady_clock::now());
        if (left.count() <= 0 || ::poll(&polled, 1, static_cast<int>(left.count())) == 0)
            return;
        std::array<char, 4096> seen = {};
        [[maybe_unused]] ssize_t size = ::read(events.get(), seen.data(), seen.size());
    }
}

} // namespace

Command app_command(const Pod& pod, const char* entry_point, const std::string& app) {
    std::optional<pid_t> leader = pod.leader();
    if (pod.state != PodState::Running || !leader)
        throw Error("controlling the pod {}: it is {}, not running", pod.uuid, str(pod.state));
    Stage1 stage1 = stage1_of(pod.layout);
    Command command = {.program = stage1.root / stage1.entry_point(entry_point),
                       .arguments = {"--debug=false", "--app=" + app},
                       .directory = pod.layout.dir};
    command.environment = std::vector<std::string>{
        "PATH=/usr/sbin:/usr/bin:/sbin:/bin", fmt::format("RKT_STAGE1_ENTERPID={}", *leader),
        "RKT_STAGE1_ENTERCMD=" + (stage1.root / stage1.entry_point("enter")).native()};
    return command;
}

void control_app(const Pod& pod, AppAction action, const std::string& app) {
    if (int status = Child::spawn(app_command(pod, entry_of(action), app)).wait(); status != 0)
        throw Error("controlling the app {} of the pod {}: its stage1 ended with status {}", app, pod.uuid,
                    status);
    if (action == AppAction::Stop)
        await_record(pod, app);
}

} // namespace rkt
