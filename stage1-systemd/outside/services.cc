// SPDX-License-Identifier: Apache-2.0

#include "stage1-systemd/outside/services.h"

#include "base/error.h"
#include "base/log.h"
#include "os/file.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>

namespace rkt {

namespace {

namespace fs = std::filesystem;

constexpr std::array enforced = {"os/linux/capabilities-retain-set", "os/linux/capabilities-remove-set",
                                 "os/linux/no-new-privileges"};

Words handler(const App& app, EventHandler::Event event) {
    const EventHandler* found = find_handler(app, event);
    return found != nullptr ? found->exec : Words();
}

// Who relies on a limit has to hear that it is not held (ACE-62).
void warn_of_ignored(const std::string& name, const App& app) {
    for (const Isolator& isolator : app.isolators)
        if (std::ranges::find(enforced, isolator.name.str()) == enforced.end())
            warn("app {}: isolator {} is ignored", name, isolator.name.str());
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

void check(const RuntimeApp& app) {
    if (is_reserved(app.name.str()))
        throw Error("the pod has a service of this name already");
    if (!app.mounts.empty())
        throw Error("volumes cannot be mounted yet");
}

Annotations annotations_of(const RuntimeApp& app, const ImageManifest& image) {
    Annotations all = image.annotations;
    for (const Annotation& annotation : app.annotations)
        put_named(all, annotation);
    return all;
}

AppService read_service(const RuntimeApp& app, const PodLayout& layout) {
    const std::string& name = app.name.str();
    try {
        ImageManifest image = ImageManifest::parse(read_file(layout.image_manifest(name)));
        return service_of(app, image, Dir::open(layout.app_rootfs(name)));
    } catch (Error& error) {
        error.during("app {}", name);
        throw;
    }
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
                                                                const Account& account) {
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
    all["container"] = "rkt";
    return {all.begin(), all.end()};
}

AppService service_of(const RuntimeApp& runtime, const ImageManifest& image, const Dir& root) {
    check(runtime);
    const App& app = app_of(runtime, image);
    const std::string& name = runtime.name.str();
    warn_of_ignored(name, app);
    AppService service = {.name = name, .image = image.name.str(), .exec = app.exec};
    service.pre_start = handler(app, EventHandler::Event::PreStart);
    service.post_stop = handler(app, EventHandler::Event::PostStop);
    service.account = resolve_account(root, app.user, app.group, app.supplementary_gids);
    service.working_directory = app.working_directory;
    service.environment = environment_of(name, app, service.account);
    service.capabilities = capabilities_of(app.isolators);
    service.no_new_privileges = no_new_privileges(app.isolators, service.account.is_root());
    service.read_only_root = runtime.read_only_rootfs;
    service.notifies = supports_systemd_notify(annotations_of(runtime, image));
    return service;
}

std::vector<AppService> services_of(const PodManifest& pod, const PodLayout& layout) {
    if (pod.apps.empty())
        throw Error("the pod has no app");
    std::vector<AppService> services;
    services.reserve(pod.apps.size());
    for (const RuntimeApp& app : pod.apps)
        services.push_back(read_service(app, layout));
    services.front().only = services.size() == 1;
    return services;
}

void write_services(const std::vector<AppService>& services, const PodLayout& layout) {
    fs::path etc = layout.stage1_rootfs() / "etc";
    fs::path units = etc / "systemd" / "system";
    fs::path started = units / "default.target.wants";
    fs::create_directories(started);
    std::vector<Account> accounts;
    accounts.reserve(services.size());
    for (const AppService& service : services) {
        std::string unit = service.name + ".service";
        write_plainly(units / unit, unit_text(service));
        fs::create_symlink("../" + unit, started / unit);
        accounts.push_back(service.account);
    }
    write_accounts(etc / "passwd", passwd_lines, accounts);
    write_accounts(etc / "group", group_lines, accounts);
}

} // namespace rkt
