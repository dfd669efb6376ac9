// SPDX-License-Identifier: Apache-2.0

#include "stage0/launch.h"

#include "base/error.h"
#include "base/log.h"
#include "os/file.h"
#include "os/watches.h"
#include "stage0/machine.h"
#include "stage0/metadata.h"
#include "stage0/network.h"
#include "stage0/pod-names.h"
#include "stage0/ports.h"
#include "stage0/streams.h"
#include "stage0/supervisor.h"

#include <algorithm>
#include <cerrno>
#include <csignal>

#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

namespace rkt {

namespace {

// More than a pod needs to begin, and an app that ends at once to end.
constexpr std::chrono::milliseconds beginning(250);

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

// What our own stage1 is told; one that is not ours makes its networks itself.
std::string network_word(const NetworkPlan& plan, const Stage1& stage1) {
    return stage1.is_ours() && plan.kind == NetworkPlan::Kind::Own ? "joined" : plan.word;
}

Command stage1_command(const PodLock& pod, const Stage1& stage1, const LaunchOptions& options) {
    constexpr int lock_number = 3; // the first after the standard streams
    Command command = {.program = std::filesystem::path("stage1/rootfs") / stage1.entry_point("run"),
                       .directory = pod.layout().dir,
                       .own_group = true};
    int version = stage1.interface_version();
    if (debug_enabled())
        command.arguments.emplace_back("--debug");
    command.arguments.push_back("--net=" + network_word(options.network, stage1));
    if (options.hostname && version > 1)
        command.arguments.push_back("--hostname=" + *options.hostname);
    if (auto range = range_of(pod.layout()))
        command.arguments.push_back("--private-users=" + range->str());
    for (const auto& [check, flag] :
         {std::pair("capabilities", "--disable-capabilities-restriction"),
          std::pair("paths", "--disable-paths"), std::pair("seccomp", "--disable-seccomp")})
        if (options.insecure.contains(check) && version > 2)
            command.arguments.emplace_back(flag);
    if (options.strict_isolators)
        command.arguments.emplace_back("--strict-isolators");
    if (options.is_mutable)
        command.arguments.emplace_back("--mutable");
    command.arguments.push_back(pod.uuid().str());
    command.descriptors = {{pod.fd(), lock_number}};
    command.environment = std::vector<std::string>{fmt::format("RKT_LOCK_FD={}", lock_number)};
    return command;
}

Child start_stage1(Command command, const NotifySocket& notify, const PodUnit& unit, bool ours) {
    command.environment->push_back("NOTIFY_SOCKET=" + notify.address());
    command.environment = environment_with(*command.environment);
    Fd null(::open("/dev/null", O_RDWR | O_CLOEXEC));
    if (!null)
        throw SystemError(errno, "opening /dev/null");
    if (ours)
        command.descriptors.emplace_back(null.get(), STDIN_FILENO);
    if (ours && !debug_enabled()) // nothing of the pod's boot is shown
        command.descriptors.emplace_back(null.get(), STDOUT_FILENO);
    Fd cgroup = unit.cgroup() ? unit.cgroup()->open() : Fd();
    command.cgroup = cgroup.get();
    return Child::spawn(command);
}

std::optional<Bus> open_bus() {
    if (is_systemd_booted())
        return Bus::open_system();
    note("PID 1 is not systemd: the pod is not registered, and machinectl does not know it");
    return std::nullopt;
}

// Those of the apps' lines that go to the journal.
OutputOptions output_options(const std::vector<PodApp>& apps, const std::vector<AppModes>& modes) {
    OutputOptions shown = {.apps = {}, .prefixed = apps.size() > 1, .followed = true};
    for (const PodApp& app : apps) {
        auto found = std::ranges::find(modes, app.name, &AppModes::app);
        if (found == modes.end() || found->modes.is_logged())
            shown.apps.push_back(app.name);
        if (found != modes.end() && found->modes.out == StreamMode::Stream)
            shown.to = STDERR_FILENO; // what is streamed is to arrive as it is
    }
    return shown;
}

bool is_carried(const AppModes& app) {
    return app.modes.carried();
}

// Without those to which nobody has connected.
std::vector<PodApp> apps_that_ran(const PodLock& pod) {
    std::vector<PodApp> apps = view_of(pod).apps();
    auto is_unstarted = [](const PodApp& app) { return !app.started && !app.status; };
    if (std::ranges::none_of(apps, is_unstarted))
        return apps;
    PodManifest manifest = PodManifest::parse(read_file(pod.layout().manifest()));
    std::set<std::string> activated = activated_apps(manifest, pod.layout());
    std::erase_if(apps, [&](const PodApp& app) { return is_unstarted(app) && activated.contains(app.name); });
    return apps;
}

// Where a stage1 cannot change a pod, a mutable one is not begun.
void check_mutable(const Stage1& stage1) {
    if (!stage1.is_ours())
        throw Error("starting the pod: only our own stage1 knows pods that apps can come to");
    for (const char* name : {"app/add", "app/rm", "app/start", "app/stop"})
        static_cast<void>(stage1.entry_point(name));
}

bool publishes_metadata(const Stage1& stage1, const LaunchOptions& options) {
    if (!options.metadata)
        return stage1.is_ours() && is_metadata_served();
    if (*options.metadata && !stage1.is_ours())
        throw Error("starting the pod: only our own stage1 knows --mds-register");
    if (*options.metadata && !is_metadata_served())
        throw Error(
            "--mds-register: there is no metadata service; systemctl enable --now rkt-metadata.socket, or "
            "rkt metadata-service, starts it");
    return *options.metadata;
}

// A systemd that cannot watch its cgroups ends without a word.
void check_watches() {
    constexpr int of_a_pod = 4; // of its systemd's, until it is up
    if (!can_watch(of_a_pod))
        throw Error(
            "starting the pod: root has too few inotify instances left for another systemd; end a pod, or "
            "raise the limit: sysctl fs.inotify.max_user_instances=8192");
}

void check_network(const PodLayout& pod, const PodManifest& manifest, const Stage1& stage1,
                   const NetworkPlan& network) {
    bool opens_itself =
        network.kind == NetworkPlan::Kind::Host && stage1.is_ours() && exposes_sockets_alone(manifest, pod);
    if (network.kind != NetworkPlan::Kind::Own && !manifest.ports.empty() && !opens_itself)
        throw Error("forwarding ports: the pod has no network of its own with --net={}", network.word);
}

} // namespace

void check_launch(const PodLayout& pod, const PodManifest& manifest, const Stage1& stage1,
                  const LaunchOptions& options) {
    if (options.is_mutable)
        check_mutable(stage1);
    check_network(pod, manifest, stage1, options.network);
    if (options.names != NamesPlan() && !stage1.is_ours())
        throw Error("starting the pod: only our own stage1 knows --dns and --hosts-entry");
    if (options.strict_isolators && !stage1.is_ours())
        throw Error("starting the pod: only our own stage1 knows --strict-isolators");
    publishes_metadata(stage1, options);
}

Launch::Launch(const Uuid& uuid, const std::optional<std::string>& name)
    : uuid_(uuid), machine_(machine_name(uuid, name)),
      moves_(is_own_service() ? nullptr : std::make_unique<QuickMoves>(beginning)),
      signals_({SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGWINCH}), bus_(open_bus()),
      unit_(PodUnit::request(bus_ ? &*bus_ : nullptr, machine_, [this] { stop(); })) {
    std::signal(SIGPIPE, SIG_IGN); // a reader of our output that is gone is an error of write(2)
    become_subreaper();
}

int Launch::run(const Pods& pods, const PodLock& pod, const Stage1& stage1,
                const std::vector<AppLayers>& layers, const std::optional<PodUsers>& users,
                const LaunchOptions& options) {
    const PodLayout& layout = pod.layout();
    PodManifest manifest = PodManifest::parse(read_file(layout.manifest()));
    check_watches(); // here alone: the kernel takes its time to give back what it tried
    check_launch(layout, manifest, stage1, options);
    write_at_once(layout.networks(), options.network.word + "\n");
    std::optional<PodNetwork> network;
    if (options.network.kind == NetworkPlan::Kind::Own && stage1.is_ours())
        network.emplace(pods, pod, options.network, manifest);
    write_ports(manifest, layout);
    std::optional<PodNames> names;
    if (stage1.is_ours())
        names.emplace(pods, pod, options.names, options.network.kind, options.hostname.value_or(machine_));
    std::optional<PublishedMetadata> metadata;
    if (publishes_metadata(stage1, options))
        metadata.emplace(pod, manifest);
    mount_pod(layout, stage1.root, layers, users);
    supervise(pod, stage1, options, network ? &*network : nullptr);
    forget_machine();
    unit_.give_back();
    return status_at_end(pod, stage1, options);
}

// What a mutable pod's apps ended with is theirs: nobody waits for them here.
int Launch::status_at_end(const PodLock& pod, const Stage1& stage1, const LaunchOptions& options) const {
    bool in_order = met_ && stage1_status_ == 0;
    std::optional<int> status = status_of(in_order ? apps_that_ran(pod) : view_of(pod).apps());
    if (options.is_mutable)
        status = in_order ? std::optional(0) : std::nullopt;
    if (status)
        return *status;
    if (!stage1.is_ours() && stage1_status_ != 254)
        return stage1_status_;
    if (!met_)
        throw Error("running the pod {}: its stage1 did not start it", machine_);
    if (options.is_mutable)
        throw Error("running the pod {}: it was killed", machine_);
    throw Error("running the pod {}: it was killed before the status of its apps was known", machine_);
}

void Launch::stand_in_unit(const PodLayout& pod) {
    unit_.settle();
    if (std::optional<Cgroup> cgroup = unit_.pod_cgroup())
        write_at_once(pod.cgroup(), cgroup->path() + "\n");
}

// While systemd makes the unit, which takes the kernel some 10 ms, our own stage1 prepares the pod: it is
// moved into the unit, and told to go on, when that is there.
Child Launch::start(const PodLock& pod, Command command, const NotifySocket& notify, bool ours) {
    constexpr int go_number = 4; // behind the lock
    if (!ours || !bus_) {
        stand_in_unit(pod.layout());
        return start_stage1(std::move(command), notify, unit_, ours);
    }
    auto [go, let_go] = make_pipe();
    command.descriptors.emplace_back(go.get(), go_number);
    command.environment->push_back(fmt::format("RKT_UNIT_FD={}", go_number));
    Child child = start_stage1(std::move(command), notify, unit_, ours);
    go.reset();
    try {
        stand_in_unit(pod.layout());
        unit_.cgroup()->adopt(child.pid());
        write_fully(let_go.get(), "1", "a pipe");
    } catch (const std::exception&) {
        let_go.reset();
        child.wait();
        throw;
    }
    return child;
}

// In a service of its own rkt must leave the unit's root free of processes, this one too: only now is it in
// a leaf.
void Launch::quicken(Loop& loop) {
    if (!moves_)
        moves_ = std::make_unique<QuickMoves>(beginning);
    int over = moves_->pidfd();
    if (over >= 0)
        loop.watch(over, [this, &loop, over] {
            loop.forget(over);
            moves_.reset();
        });
}

void Launch::supervise(const PodLock& pod, const Stage1& stage1, const LaunchOptions& options,
                       const PodNetwork* network) {
    const PodLayout& layout = pod.layout();
    std::vector<PodApp> apps = view_of(pod).apps();
    std::vector<AppModes> modes = read_modes(layout);
    Loop loop;
    std::optional<Streams> streams;
    bool carried = std::ranges::any_of(modes, is_carried);
    if (carried && !stage1.is_ours())
        throw Error(
            "starting the pod: only our own stage1 knows --interactive, and stream and tty of --stdin, "
            "--stdout and --stderr");
    if (carried)
        streams.emplace(loop, layout, modes,
                        Streams::Options{.own = options.print_output, .unread = [this] { stop(); }});
    NotifySocket notify(layout);
    Command command = stage1_command(pod, stage1, options);
    if (network != nullptr)
        command.become = [space = network->space()] {
            return ::setns(space, CLONE_NEWNET) == 0 ? nullptr : "joining the pod's network namespace";
        };
    Child child = start(pod, std::move(command), notify, stage1.is_ours());
    quicken(loop);
    std::optional<Output> output;
    if (OutputOptions shown = output_options(apps, modes);
        options.print_output && stage1.is_ours() && !shown.apps.empty())
        output.emplace(journal_of(layout, uuid_.machine_id()), shown);
    Supervisor supervisor({.loop = loop,
                           .pod = pod,
                           .stage1 = child,
                           .tells = stage1.is_ours(),
                           .notify = notify,
                           .signals = signals_,
                           .bus = bus_ ? &*bus_ : nullptr,
                           .unit = unit_,
                           .output = std::move(output),
                           .streams = streams ? &*streams : nullptr,
                           .leader_known = [&](pid_t leader) { meet(layout, leader); },
                           .goes_on = options.is_mutable});
    supervisor_ = &supervisor;
    stage1_status_ = supervisor.run();
    supervisor_ = nullptr;
}

void Launch::stop() {
    if (supervisor_ != nullptr)
        supervisor_->stop();
}

void Launch::meet(const PodLayout& pod, pid_t leader) {
    met_ = true;
    write_at_once(pod.pid(), std::to_string(leader) + "\n");
    if (!bus_)
        return;
    link_journal(pod, uuid_.machine_id());
    registration_ = Registration::Asked;
    register_machine(*bus_, {machine_, uuid_, leader, pod.stage1_rootfs()},
                     [this, leader](const std::optional<std::string>& refusal) {
                         registration_ = refusal ? Registration::None : Registration::Done;
                         if (refusal && open_pidfd(leader)) // one that has ended already need not be known
                             warn("registering the pod with systemd-machined: {}", *refusal);
                     });
}

void Launch::forget_machine() {
    if (registration_ == Registration::Asked)
        bus_->process_until([this] { return registration_ != Registration::Asked; });
    if (registration_ == Registration::Done)
        unregister_machine(*bus_, machine_);
}

} // namespace rkt
