// SPDX-License-Identifier: Apache-2.0

#include "stage1-systemd/outside/app-unit.h"

#include "base/error.h"
#include "base/text.h"
#include "stage1-systemd/outside/unit-text.h"

#include <algorithm>

namespace rkt {

namespace {

constexpr std::string_view launch = "/dev/.rkt/launch";

// What stays the same. The API file systems are those of the pod, with all that nspawn protects in them:
// MountAPIVFS= would mount a /proc anew, in which /proc/sys can be written, and hide what the image has in
// /run. (ProtectControlGroups= implies it.) SIGPIPE is not ignored: apps expect it as a shell gives it.
constexpr std::string_view common = "MountAPIVFS=no\n"
                                    "BindPaths=/dev /proc /sys\n"
                                    "BindReadOnlyPaths=/rkt/launch:/dev/.rkt/launch\n"
                                    "BindReadOnlyPaths=/run/systemd/journal/dev-log:/dev/log\n"
                                    "ReadOnlyPaths=+/dev +/sys/fs/cgroup\n" // + is the app's root
                                    "ReadWritePaths=+/dev/mqueue +/dev/pts +/dev/shm\n"
                                    "IgnoreSIGPIPE=no\n"
                                    "UnsetEnvironment=JOURNAL_STREAM\n";

// What the pod's filter lets through for systemd's sake. A list of what is forbidden takes systemd 4 ms to
// compile, one of what is allowed 18.
constexpr std::string_view app_filter =
    "SystemCallFilter=~@mount kcmp name_to_handle_at reboot setdomainname "
    "sethostname userfaultfd vhangup\n"
    "SystemCallFilter=chroot\n"
    "SystemCallErrorNumber=EPERM\n"
    "RestrictNamespaces=yes\n";

std::string unit_section(const AppService& service) {
    std::string end = service.only ? "last" : "end";
    std::string text = "[Unit]\n";
    text += setting("Description", fmt::format("{} ({})", service.name, service.image));
    text += "DefaultDependencies=no\n"
            "Requires=systemd-journald.socket\n"
            "After=systemd-journald.socket\n"
            "Conflicts=shutdown.target\n"
            "Before=shutdown.target\n";
    if (!service.only)
        text += "Wants=done.target\n";
    text += setting("OnSuccess", fmt::format("{}@succeeded-{}.service", end, service.name));
    text += setting("OnFailure", fmt::format("{}@failed-{}.service", end, service.name));
    return text;
}

// systemd takes fewer names than AC-TYPE-14 allows: "a.b" reaches the app through launch.
bool systemd_takes(std::string_view name) {
    return name.find_first_of(".-") == std::string_view::npos;
}

// A command as launch reads it.
std::string counted(const Words& words) {
    return words.empty() ? "" : fmt::format(" {} {}", words.size(), quote_all(words));
}

// The colon keeps systemd from expanding variables: words are verbatim (ACI-10).
std::string launched(const AppService& service, const std::string& commands) {
    std::string text = fmt::format(":{}", launch);
    for (const auto& [name, value] : service.environment)
        if (!systemd_takes(name))
            text += ' ' + quote(fmt::format("{}={}", name, value));
    return text + commands;
}

std::string commands(const AppService& service) {
    std::string text =
        setting("ExecStart", launched(service, counted(service.pre_start) + counted(service.exec)));
    if (!service.post_stop.empty())
        text += setting("ExecStopPost", launched(service, counted(service.post_stop)));
    return text;
}

std::string environment(const AppService& service) {
    std::string text;
    for (const auto& [name, value] : service.environment)
        if (systemd_takes(name))
            text += setting("Environment", quote(fmt::format("{}={}", name, value)));
    return text;
}

// Numbers, so that the host's and the pod's own accounts do not matter.
std::string identity(const Account& account) {
    if (account.is_root() && account.gid == 0 && account.supplementary.empty())
        return "";
    std::string text =
        setting("User", std::to_string(account.uid)) + setting("Group", std::to_string(account.gid));
    for (gid_t group : account.supplementary)
        text += setting("SupplementaryGroups", std::to_string(group));
    return text;
}

std::string confinement(const AppService& service) {
    Words names(service.capabilities.begin(), service.capabilities.end());
    std::string text = setting("CapabilityBoundingSet", join(names, " "));
    if (service.no_new_privileges)
        text += "NoNewPrivileges=yes\n";
    if (!service.capabilities.contains("CAP_SYS_ADMIN"))
        text += app_filter;
    if (service.read_only_root)
        text += "ReadOnlyPaths=+/\n";
    return text;
}

} // namespace

bool is_reserved(std::string_view app) {
    return app == "dbus" || app == "systemd-journald";
}

std::string unit_text(const AppService& service) {
    std::string text = unit_section(service) + "\n[Service]\n";
    text += setting("Type", service.notifies ? "notify" : "simple");
    text += setting("RootDirectory", fmt::format("/opt/stage2/{}/rootfs", service.name));
    text += common;
    // Opened, and thereby made, when the app is started; launch puts the app's pipe in its place.
    text += setting("StandardError", fmt::format("append:/rkt/status/{}-started", service.name));
    text += setting("SyslogIdentifier", service.name);
    text += setting("WorkingDirectory", bare_path(service.working_directory));
    text += identity(service.account) + confinement(service) + environment(service) + commands(service);
    return text;
}

} // namespace rkt
