// SPDX-License-Identifier: Apache-2.0

#include "stage1-systemd/outside/services.h"

#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "os/file.h"
#include "pod/metadata.h"
#include "stage1-systemd/outside/call-sets.h"
#include "stage1-systemd/outside/isolators.h"
#include "stage1-systemd/outside/names.h"
#include "stage1-systemd/outside/unit-text.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <optional>

namespace rkt {

namespace {

namespace fs = std::filesystem;

Words handler(const App& app, EventHandler::Event event) {
    const EventHandler* found = find_handler(app, event);
    return found != nullptr ? found->exec : Words();
}

// The pod's app replaces the image's as a whole (POD-5).
const App& app_of(const RuntimeApp& app, const ImageManifest& image) {
    if (!app.app && !image.app)
        throw Error("neither the pod nor the image says what to run");
    const App& found = app.app ? *app.app : *image.app;
    if (found.exec.empty())
        throw Error("there is no command to run"); // ACI-26
    return found;
}

bool has_seccomp(const App& app) {
    return std::ranges::any_of(app.isolators, [](const Isolator& isolator) {
        return isolator.name.str().starts_with("os/linux/seccomp-");
    });
}

// What the terminal of an app understands is what ours does.
void name_terminal(std::vector<std::pair<std::string, std::string>>& environment) {
    for (const auto& [name, value] : environment)
        if (name == "TERM")
            return;
    const char* terminal = std::getenv("TERM");
    environment.emplace_back("TERM", terminal != nullptr ? terminal : "vt100");
}

// Where one prepares, all that start together wait for it. An app that comes later, or that waits for
// somebody to connect, keeps nobody waiting.
void set_gates(std::vector<AppService>& services) {
    Words gates;
    for (const AppService& service : services)
        if (!service.only && !service.apart && service.listeners.empty() && !service.pre_start.empty())
            gates.push_back(service.name);
    for (AppService& service : services)
        service.gates = gates;
}

// Makes the services of one pod.
class Maker {
public:
    Maker(const PodManifest& pod, const PodLayout& layout, const Unrestricted& unrestricted,
          const std::optional<PodUsers>& users, const std::optional<Cgroup>& cgroup)
        : pod_(pod), layout_(layout), unrestricted_(unrestricted), users_(users), cgroup_(cgroup),
          metadata_(metadata_token_of(layout)), made_{.apps = {}, .policy = exit_policy_of(pod.annotations)} {
    }

    Services make();

private:
    AppService make_service(const RuntimeApp& runtime);
    void isolate(AppService& service, const App& app);
    void filter(AppService& service, const App& app) const;
    void mount(AppService& service, const RuntimeApp& runtime, const App& app, const ImageManifest& image,
               const Dir& root) const;
    void tell(const std::string& who, const std::vector<Verdict>& verdicts);
    const HostAbilities& host();

    const PodManifest& pod_;
    const PodLayout& layout_;
    const Unrestricted& unrestricted_;
    const std::optional<PodUsers>& users_;
    const std::optional<Cgroup>& cgroup_;
    std::optional<MetadataToken> metadata_;
    Services made_;
    std::optional<HostAbilities> host_ = {}; // found when the first isolator asks
};

bool is_in_host_network(const PodLayout& layout) {
    return trim(read_file_if_any(layout.networks()).value_or("")) == "host";
}

const HostAbilities& Maker::host() {
    if (!host_)
        host_ = HostAbilities::find(cgroup_);
    return *host_;
}

void Maker::tell(const std::string& who, const std::vector<Verdict>& verdicts) {
    for (const auto& [isolator, outcome, reason] : verdicts) {
        made_.isolators += fmt::format("{} {} {} {}\n", who, isolator, str(outcome), reason);
        if (outcome == Outcome::Enforced)
            continue;
        made_.all_enforced = false;
        // Who relies on a limit has to hear that it is not held (ACE-62).
        warn("{}isolator {} is {}: {}", who == "-" ? "" : "app " + who + ": ", isolator, str(outcome),
             reason);
    }
}

void Maker::filter(AppService& service, const App& app) const {
    if (unrestricted_.calls)
        service.usual_filter = false;
    if (unrestricted_.calls || !has_seccomp(app))
        return;
    CallSets sets = parse_call_sets(read_file(layout_.stage1_rootfs() / "rkt" / "syscall-sets"));
    Seccomp seccomp = seccomp_of(app.isolators, sets);
    service.usual_filter = !seccomp.unfiltered;
    if (!seccomp.rules)
        return;
    service.filter = compile_filter(*seccomp.rules);
    service.no_new_privileges = true; // or the app's own user could not load it
}

void Maker::isolate(AppService& service, const App& app) {
    bool root = service.account.is_root();
    service.capabilities = unrestricted_.capabilities ? all_capabilities() : capabilities_of(app.isolators);
    if (!root)
        service.ambient = ambient_of(app.isolators);
    service.no_new_privileges = no_new_privileges(app.isolators, root);
    filter(service, app);
    if (app.isolators.empty() && pod_.isolators.empty())
        return;
    Isolation isolation = isolate_app(app.isolators, pod_.isolators, host(), root);
    service.settings = std::move(isolation.settings);
    tell(service.name, isolation.verdicts);
}

void Maker::mount(AppService& service, const RuntimeApp& runtime, const App& app, const ImageManifest& image,
                  const Dir& root) const {
    std::vector<MountedVolume> volumes = volumes_of(runtime, app, pod_);
    bool docker = find_annotation(image.annotations, "appc.io/docker/repository") != nullptr;
    mount_volumes(volumes, {root, layout_, users_, docker});
    for (const MountedVolume& volume : volumes)
        if (!volume.read_only)
            service.writable.push_back(volume.path);
    mount_names({root, layout_, service.name, users_});
}

AppService Maker::make_service(const RuntimeApp& runtime) {
    const std::string& name = runtime.name.str();
    if (is_reserved(name))
        throw Error("the pod has a service of this name already");
    ImageManifest image = ImageManifest::parse(read_file(layout_.image_manifest(name)));
    Dir root = Dir::open(layout_.app_rootfs(name));
    const App& app = app_of(runtime, image);
    AppService service = {.name = name, .image = image.name.str(), .exec = app.exec};
    service.pre_start = handler(app, EventHandler::Event::PreStart);
    service.post_stop = handler(app, EventHandler::Event::PostStop);
    service.account = resolve_account({root, users_ ? users_->range.shift : 0}, app.user, app.group,
                                      app.supplementary_gids);
    service.working_directory = app.working_directory;
    service.environment = environment_of(name, app, service.account, metadata_ ? metadata_->url() : "");
    service.asks_metadata = metadata_.has_value();
    service.read_only_root = runtime.read_only_rootfs;
    service.masked = !unrestricted_.paths;
    service.streams = stream_modes_of(runtime.annotations);
    if (service.streams.is_terminal())
        name_terminal(service.environment);
    service.restart = restart_of(runtime.annotations);
    service.notifies = supports_systemd_notify(merge_annotations(image.annotations, runtime.annotations));
    service.apart = is_mutable(pod_.annotations);
    service.listeners = listeners_of(app, pod_, is_in_host_network(layout_));
    // The pod of an app that may be started again goes on when that ends.
    service.only = pod_.apps.size() == 1 && !service.apart && service.listeners.empty();
    isolate(service, app);
    mount(service, runtime, app, image, root);
    return service;
}

Services Maker::make() {
    for (const RuntimeApp& app : pod_.apps)
        try {
            made_.apps.push_back(make_service(app));
        } catch (Error& error) {
            error.during("app {}", app.name);
            throw;
        }
    set_gates(made_.apps);
    if (!pod_.isolators.empty()) {
        Isolation isolation = isolate_pod(pod_.isolators, host());
        made_.pod_settings = std::move(isolation.settings);
        tell("-", isolation.verdicts);
    }
    return std::move(made_);
}

// Every app is in this slice, and so is journald.
void write_slice(const fs::path& directory, const Settings& settings) {
    std::string text = "[Slice]\n";
    for (const auto& [key, value] : settings)
        text += setting(key, value);
    fs::create_directories(directory);
    write_plainly(directory / "rkt.conf", text);
}

fs::path units_of(const fs::path& root) {
    return root / "etc" / "systemd" / "system";
}

fs::path filters_of(const fs::path& root) {
    return root / "rkt" / "filters";
}

void write_filter(const fs::path& directory, const AppService& service) {
    fs::create_directories(directory);
    write_plainly(directory / service.name, service.filter);
}

void write_units(const AppService& service, const fs::path& root, ExitPolicy policy) {
    fs::path units = units_of(root);
    fs::path started = units / "default.target.wants";
    fs::create_directories(service.apart ? units : started);
    std::string unit = service.name + ".service";
    write_plainly(units / unit, unit_text(service));
    for (bool failed : {false, true})
        write_plainly(units / ended_unit(service, failed), ended_unit_text(service, failed, policy));
    if (!service.listeners.empty()) {
        unit = socket_unit(service.name);
        write_plainly(units / unit, socket_unit_text(service.name, service.listeners, service.apart));
    }
    if (!service.apart)
        fs::create_symlink("../" + unit, started / unit);
    if (!service.filter.empty())
        write_filter(filters_of(root), service);
}

void write_accounts(const fs::path& file, std::string (*lines)(std::string_view, std::span<const Account>),
                    const std::vector<Account>& accounts) {
    std::string text = read_file(file);
    std::string missing = lines(text, accounts);
    if (!missing.empty())
        write_plainly(file, text + missing);
}

} // namespace

std::vector<std::pair<std::string, std::string>> environment_of(const std::string& name, const App& app,
                                                                const Account& account,
                                                                const std::string& metadata_url) {
    std::string user = account.name.empty() ? std::to_string(account.uid) : account.name;
    std::map<std::string, std::string> all = {
        {"PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
        {"USER", user},
        {"LOGNAME", user},
        {"HOME", account.home},
        {"SHELL", account.shell},
    };
    for (const EnvironmentVariable& variable : app.environment)
        all[variable.name.str()] = variable.value;
    all["AC_APP_NAME"] = name;
    all["AC_METADATA_URL"] = metadata_url;
    all["container"] = "rkt";
    return {all.begin(), all.end()};
}

Services services_of(const PodManifest& pod, const PodLayout& layout, const Unrestricted& unrestricted,
                     const std::optional<PodUsers>& users, const std::optional<Cgroup>& cgroup) {
    if (pod.apps.empty() && !is_mutable(pod.annotations))
        throw Error("the pod has no app");
    return Maker(pod, layout, unrestricted, users, cgroup).make();
}

Unrestricted Unrestricted::parse(std::string_view text) {
    Unrestricted unrestricted;
    for (std::string_view line : split(text, '\n')) {
        unrestricted.capabilities = unrestricted.capabilities || line == "capabilities";
        unrestricted.paths = unrestricted.paths || line == "paths";
        unrestricted.calls = unrestricted.calls || line == "seccomp";
    }
    return unrestricted;
}

std::string Unrestricted::str() const {
    return fmt::format("{}{}{}", capabilities ? "capabilities\n" : "", paths ? "paths\n" : "",
                       calls ? "seccomp\n" : "");
}

void write_services(const Services& services, const fs::path& root) {
    fs::path etc = root / "etc";
    std::vector<Account> accounts;
    accounts.reserve(services.apps.size());
    for (const AppService& service : services.apps) {
        write_units(service, root, services.policy);
        accounts.push_back(service.account);
    }
    if (!services.pod_settings.empty())
        write_slice(units_of(root) / "system.slice.d", services.pod_settings);
    write_accounts(etc / "passwd", passwd_lines, accounts);
    write_accounts(etc / "group", group_lines, accounts);
}

void remove_service(const std::string& app, const fs::path& root) {
    AppService service = {.name = app, .image = "", .exec = {}};
    for (const std::string& unit :
         {app + ".service", socket_unit(app), ended_unit(service, false), ended_unit(service, true)})
        fs::remove(units_of(root) / unit);
    fs::remove(filters_of(root) / app);
}

} // namespace rkt
