// SPDX-License-Identifier: Apache-2.0
//
// The entry points that put an app into a running pod and take one out of it:
// app-add --debug=BOOL --uuid=UUID --app=APP and app-rm --debug=BOOL --app=APP, in the pod's directory
//
// The root of the app comes as a mount that stands nowhere yet, by the descriptor that RKT_STAGE1_APP_ROOT
// names. With its volumes it is put together here, out of the pod's sight, and comes into the pod in one step
// and with nothing left to change. Files of the pod are touched from within its mount namespace alone: a link
// in its root leads nowhere else there.

#include "stage1-systemd/outside/entry-points.h"

#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "os/dir.h"
#include "os/file.h"
#include "os/mount.h"
#include "pod/layout.h"
#include "pod/settings.h"
#include "pod/user-range.h"
#include "stage1-systemd/outside/own-program.h"
#include "stage1-systemd/outside/pod-entrance.h"
#include "stage1-systemd/outside/services.h"
#include "wrap/command-line.h"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <filesystem>
#include <string>

#include <fcntl.h>
#include <sys/mount.h>

namespace rkt {

namespace {

namespace fs = std::filesystem;

std::string read_app(const Arguments& words) {
    std::string app;
    std::string uuid;
    std::string debug;
    CommandLine line("app-add --uuid=UUID --app=APP", "Puts an app into a running pod, or takes it out.");
    line.option("--app", app, "the app's name");
    line.option("--uuid", uuid, "of the pod");
    line.option("--debug", debug, "true: show what is done");
    line.parse(words);
    if (debug == "true")
        enable_debug();
    return AcName::parse(app).str();
}

// Of the pod the app is put into, the apps that are there already left out.
PodManifest pod_with(const PodLayout& layout, const std::string& app) {
    PodManifest pod = PodManifest::parse(read_file(layout.manifest()));
    std::erase_if(pod.apps, [&](const RuntimeApp& each) { return each.name.str() != app; });
    if (pod.apps.empty())
        throw Error("adding the app {}: the pod's manifest does not have it", app);
    return pod;
}

DetachedMount read_root() {
    const char* text = std::getenv("RKT_STAGE1_APP_ROOT");
    auto number = parse_number(text != nullptr ? text : "");
    if (!number || *number > INT_MAX || ::fcntl(static_cast<int>(*number), F_SETFD, FD_CLOEXEC) < 0)
        throw UsageError("RKT_STAGE1_APP_ROOT is no descriptor");
    return DetachedMount::take(Fd(static_cast<int>(*number)));
}

// Where in the pod an app's root stands.
fs::path place_of(const std::string& app) {
    return fs::path("/opt/stage2") / app;
}

// The app's root where the layout has it, in a place that is like the pod's root as far as it is asked for.
void mount_aside(const PodLayout& layout, const std::string& app, DetachedMount root) {
    enter_private_mounts();
    mount_memory(layout.stage1_rootfs());
    fs::create_directories(layout.app_rootfs(app));
    fs::create_directory_symlink(own_directory(), layout.stage1_rootfs() / "rkt");
    root.attach(Dir::open(layout.app_rootfs(app)).fd());
}

std::optional<Cgroup> cgroup_of(pid_t leader) {
    std::optional<Cgroup> init = Cgroup::of(leader);
    return init ? std::optional(init->parent()) : std::nullopt;
}

// A running pod can be given neither more capabilities nor another filter than it was started with.
void check(const Services& services, const std::string& restrictions, const Unrestricted& unrestricted) {
    const AppService& service = services.apps.front();
    Capabilities beyond = beyond_pod(service.capabilities);
    if (!beyond.empty() && !unrestricted.capabilities)
        throw Error("adding the app {}: the pod was started without {}, and cannot be given it", service.name,
                    *beyond.begin());
    if (restrictions.find("strict-isolators") != std::string::npos && !services.all_enforced)
        throw Error("--strict-isolators: not all isolators of the app {} can be enforced", service.name);
}

Services make_services(const PodLayout& layout, const std::string& app, pid_t leader) {
    std::string restrictions = read_file_if_any(layout.restrictions()).value_or("");
    Unrestricted unrestricted = Unrestricted::parse(restrictions);
    Services services =
        services_of(pod_with(layout, app), layout, unrestricted, users_of(layout), cgroup_of(leader));
    check(services, restrictions, unrestricted);
    if (!services.isolators.empty())
        write_plainly(layout.isolators(),
                      read_file_if_any(layout.isolators()).value_or("") + services.isolators);
    return services;
}

void reload(const PodEntrance& pod) {
    if (int status = pod.systemctl({"daemon-reload"}); status != 0)
        throw Error("having the pod's systemd read its units: systemctl ended with status {}", status);
}

void unmount(const fs::path& place) {
    if (::umount2(place.c_str(), MNT_DETACH | UMOUNT_NOFOLLOW) < 0 && errno != EINVAL && errno != ENOENT)
        throw SystemError(errno, "unmounting {} in the pod", place);
}

// In the pod. What is not there is as good as gone.
void clear(const std::string& app) {
    remove_service(app, "/");
    unmount(place_of(app) / "rootfs");
    fs::remove(place_of(app) / "rootfs");
    fs::remove(place_of(app));
    for (const char* suffix : {"", "-started"})
        fs::remove(fs::path("/rkt/status") / (app + suffix));
}

void put_in_place(const PodEntrance& pod, const Services& services, DetachedMount root) {
    fs::path place = place_of(services.apps.front().name) / "rootfs";
    fs::create_directories(place);
    root.attach(Dir::open(place).fd());
    write_services(services, "/");
    reload(pod);
}

// Also what records its end: nothing writes of this app any more when this returns.
void stop_wholly(const PodEntrance& pod, const std::string& app) {
    std::vector<std::string> stop = {"stop"};
    std::vector<std::string> forget = {"reset-failed"};
    for (const std::string& unit : {socket_unit(app), app + ".service", "succeeded_" + app + ".service",
                                    "failed_" + app + ".service"}) {
        if (fs::exists(fs::path("/etc/systemd/system") / unit))
            stop.push_back(unit);
        // A pattern: what is not loaded need not be forgotten.
        forget.push_back(fmt::format("{}[{}]", unit.substr(0, unit.size() - 1), unit.back()));
    }
    for (const auto& words : {stop, forget})
        if (int status = words.size() > 1 ? pod.systemctl(words) : 0; status != 0)
            throw Error("stopping the app {}: systemctl ended with status {}", app, status);
}

} // namespace

int add_app(const Arguments& words) {
    std::string app = read_app(words);
    PodLayout layout{fs::current_path()};
    PodEntrance pod = PodEntrance::find();
    mount_aside(layout, app, read_root());
    Services services = make_services(layout, app, pod.leader());
    DetachedMount whole = DetachedMount::copy(Dir::open(layout.app_rootfs(app)).fd(), true);
    pod.join();
    try {
        put_in_place(pod, services, std::move(whole));
    } catch (const std::exception&) {
        clear(app);
        throw;
    }
    return 0;
}

int remove_app(const Arguments& words) {
    std::string app = read_app(words);
    PodEntrance pod = PodEntrance::find();
    pod.join();
    stop_wholly(pod, app);
    clear(app);
    reload(pod);
    return 0;
}

} // namespace rkt
