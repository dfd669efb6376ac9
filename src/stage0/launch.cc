// SPDX-License-Identifier: Apache-2.0

#include "stage0/launch.h"

#include "base/error.h"
#include "base/log.h"
#include "os/file.h"
#include "stage0/machine.h"
#include "stage0/supervisor.h"

#include <cerrno>
#include <csignal>

#include <fcntl.h>
#include <unistd.h>

namespace rkt {

namespace {

// The link that `journalctl -m` follows; `rkt gc` removes it.
void link_journal(const PodLayout& pod, const std::string& machine_id) {
    std::filesystem::path link = std::filesystem::path("/var/log/journal") / machine_id;
    if (::symlink(journal_of(pod, machine_id).c_str(), link.c_str()) < 0)
        trace("{}", SystemError(errno, "making {}", link).what());
}

std::vector<std::string> environment_with(const std::vector<std::string>& added) {
    std::vector<std::string> words = added;
    for (char** word = environ; *word != nullptr; ++word)
        if (!std::string_view(*word).starts_with("NOTIFY_SOCKET="))
            words.emplace_back(*word);
    return words;
}

Command stage1_command(const PodLock& pod, const Stage1& stage1, const LaunchOptions& options) {
    constexpr int lock_number = 3; // the first after the standard streams
    Command command = {.program = std::filesystem::path("stage1/rootfs") / stage1.entry_point("run"),
                       .directory = pod.layout().dir,
                       .own_group = true};
    if (debug_enabled())
        command.arguments.emplace_back("--debug");
    command.arguments.push_back("--net=" + options.network);
    if (options.hostname)
        command.arguments.push_back("--hostname=" + *options.hostname);
    command.arguments.push_back(pod.uuid().str());
    command.descriptors = {{pod.fd(), lock_number}};
    command.environment = std::vector<std::string>{fmt::format("RKT_LOCK_FD={}", lock_number)};
    return command;
}

Child start_stage1(Command command, const NotifySocket& notify, const PodUnit& unit) {
    command.environment->push_back("NOTIFY_SOCKET=" + notify.address());
    command.environment = environment_with(*command.environment);
    Fd null(::open("/dev/null", O_RDWR | O_CLOEXEC));
    if (!null)
        throw SystemError(errno, "opening /dev/null");
    command.descriptors.emplace_back(null.get(), STDIN_FILENO);
    if (!debug_enabled()) // nothing of the pod's boot is shown
        command.descriptors.emplace_back(null.get(), STDOUT_FILENO);
    Fd cgroup = unit.cgroup() ? unit.cgroup()->open() : Fd();
    command.cgroup = cgroup.get();
    return Child::spawn(command);
}

// One run of one pod: what has to stand while it lasts.
class Launch {
public:
    Launch(const PodLock& pod, const Stage1& stage1, const LaunchOptions& options)
        : pod_(pod), stage1_(stage1), options_(options), layout_(pod.layout()),
          view_({.uuid = pod.uuid(), .place = pod.place(), .state = PodState::Running, .layout = layout_}),
          machine_(view_.machine()), machine_id_(pod.uuid().machine_id()), apps_(view_.apps()) {}

    int run(const std::vector<AppLayers>& layers) {
        become_subreaper();
        open_bus();
        // Systemd makes the unit while we mount.
        PodUnit unit = PodUnit::request(bus(), machine_, [this] { stop(); });
        mount_pod(layout_, stage1_.rootfs(), layers);
        unit.settle();
        record(unit);
        supervise(unit);
        unit.give_back();
        return status();
    }

private:
    Bus* bus() { return bus_ ? &*bus_ : nullptr; }

    void open_bus() {
        if (is_systemd_booted())
            bus_ = Bus::open_system();
        else
            note("PID 1 is not systemd: the pod is not registered, and machinectl does not know it");
    }

    void record(const PodUnit& unit) const {
        write_plainly(layout_.networks(), options_.network + "\n");
        if (unit.cgroup())
            write_plainly(layout_.cgroup(), unit.cgroup()->path() + "\n");
    }

    void supervise(PodUnit& unit) {
        std::optional<Output> output;
        if (options_.print_output)
            output.emplace(journal_of(layout_, machine_id_), output_options());
        NotifySocket notify(layout_);
        Child child = start_stage1(stage1_command(pod_, stage1_, options_), notify, unit);
        Supervisor supervisor({.layout = layout_,
                               .stage1 = child,
                               .notify = notify,
                               .signals = signals_,
                               .bus = bus(),
                               .unit = unit,
                               .output = output ? &*output : nullptr,
                               .app_count = apps_.size(),
                               .leader_known = [this](pid_t leader) { meet(leader); }});
        supervisor_ = &supervisor;
        supervisor.run();
        supervisor_ = nullptr;
    }

    OutputOptions output_options() const {
        OutputOptions shown = {.apps = {}, .prefixed = apps_.size() > 1};
        for (const PodApp& app : apps_)
            shown.apps.push_back(app.name);
        return shown;
    }

    void stop() {
        if (supervisor_ != nullptr)
            supervisor_->stop();
    }

    void meet(pid_t leader) {
        write_plainly(layout_.pid(), std::to_string(leader) + "\n");
        if (!bus_)
            return;
        link_journal(layout_, machine_id_);
        register_machine(*bus_, {machine_, pod_.uuid(), leader, layout_.stage1_rootfs()},
                         [leader](const std::string& why) {
                             if (open_pidfd(leader)) // one that has ended already need not be known
                                 warn("registering the pod with systemd-machined: {}", why);
                         });
    }

    int status() const {
        if (std::optional<int> status = status_of(view_.apps()))
            return *status;
        throw Error("running the pod {}: it was killed before the status of its apps was known", machine_);
    }

    const PodLock& pod_;
    const Stage1& stage1_;
    const LaunchOptions& options_;
    const PodLayout& layout_;
    Pod view_;
    std::string machine_;
    std::string machine_id_;
    std::vector<PodApp> apps_;
    Signals signals_{SIGINT, SIGTERM, SIGHUP}; // from the start: none is lost before there is a supervisor
    std::optional<Bus> bus_ = {};
    Supervisor* supervisor_ = nullptr;
};

} // namespace

int launch(const PodLock& pod, const Stage1& stage1, const std::vector<AppLayers>& layers,
           const LaunchOptions& options) {
    std::signal(SIGPIPE, SIG_IGN); // a reader of our output that is gone is an error of write(2)
    return Launch(pod, stage1, options).run(layers);
}

} // namespace rkt
