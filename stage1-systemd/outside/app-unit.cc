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
                                    "ReadOnlyPaths=+/dev\n" // + is the app's root
                                    "ReadWritePaths=+/dev/mqueue +/dev/pts +/dev/shm\n"
                                    "IgnoreSIGPIPE=no\n";

// What tells of the host, where nspawn has not hidden it already: with a network of its own a pod has no more
// of /sys than its block, bus, class, dev, devices and kernel.
constexpr std::string_view masks =
    "InaccessiblePaths=-+/sys/fs -+/sys/firmware -+/sys/hypervisor -+/sys/module "
    "-+/sys/power -+/proc/config.gz -+/proc/sched_debug -+/proc/kmem -+/proc/mem\n";

// Where launch finds the app's own filter, and where run has put it.
constexpr std::string_view filter_path = "/dev/.rkt/filter";

// What the pod's filter lets through for systemd's sake. A list of what is forbidden takes systemd 4 ms to
// compile, one of what is allowed 18.
constexpr std::string_view app_filter =
    "SystemCallFilter=~@mount kcmp name_to_handle_at reboot setdomainname "
    "sethostname userfaultfd vhangup\n"
    "SystemCallFilter=chroot\n"
    "SystemCallErrorNumber=EPERM\n"
    "RestrictNamespaces=yes\n";

std::string unit_section(const AppService& service) {
    std::string text = "[Unit]\n";
    text += setting("Description", fmt::format("{} ({})", service.name, service.image));
    text += "DefaultDependencies=no\n"
            "Requires=systemd-journald.socket\n"
            "After=systemd-journald.socket\n"
            "Conflicts=shutdown.target\n"
            "Before=shutdown.target\n";
    if (!service.listeners.empty())
        text += setting("Requires", socket_unit(service.name));
    if (service.asks_metadata)
        text += "After=rkt_metadata.socket\n"; // which is not there in the network of the host
    if (!service.only && !service.apart)
        text += "Wants=done.target\n";
    // A restart stops the app and has a start waiting: the end, which conflicts with the app, is refused
    // then.
    text += setting("OnSuccess", ended_unit(service, false)) + "OnSuccessJobMode=fail\n";
    text += setting("OnFailure", ended_unit(service, true)) + "OnFailureJobMode=fail\n";
    if (service.restart != "no")
        text += "StartLimitIntervalSec=0\n"; // as often as it takes, a second apart
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

// What launch is to make of the standard streams; what it makes of them unasked is not said.
std::string streams_word(const StreamModes& modes) {
    return modes == StreamModes() ? "" : fmt::format(" --streams={}", modes.str());
}

// A connection to rkt, made in the pod's root, which the app does not see: systemd connects to a socket that
// it is told to open (systemd.exec(5), StandardOutput=).
std::string input(const AppService& service) {
    return service.streams.carried()
               ? setting("StandardInput", fmt::format("file:/rkt/streams/{}", service.name))
               : "";
}

// What the main process waits for; names of apps need no quotes.
std::string gates_word(const AppService& service) {
    return service.gates.empty() ? "" : fmt::format(" --gates={}", join(service.gates, ","));
}

// Opened, and thereby made or given a new time, when the app is started; launch puts the app's pipe in its
// place. Where apps wait for each other it is the app's gate as well (inside/gates.h), and is not emptied.
std::string started(const AppService& service) {
    std::string file = fmt::format("/rkt/status/{}-started", service.name);
    if (service.gates.empty())
        return setting("StandardError", "truncate:" + file);
    return setting("StandardError", "append:" + file) +
           setting("BindReadOnlyPaths", "/rkt/status:/dev/.rkt/status");
}

// An app that others keep waiting is not late.
std::string type(const AppService& service) {
    if (!service.notifies)
        return "Type=simple\n";
    return service.gates.empty() ? "Type=notify\n" : "Type=notify\nTimeoutStartSec=infinity\n";
}

// The colon keeps systemd from expanding variables: words are verbatim (ACI-10).
std::string launched(const AppService& service, const std::string& flags, const std::string& commands) {
    std::string text = fmt::format(":{}{}", launch, flags);
    if (!service.filter.empty())
        text += fmt::format(" --filter={}", filter_path);
    for (const auto& [name, value] : service.environment)
        if (!systemd_takes(name))
            text += ' ' + quote(fmt::format("{}={}", name, value));
    return text + commands;
}

std::string commands(const AppService& service) {
    std::string text =
        setting("ExecStart", launched(service, gates_word(service) + streams_word(service.streams),
                                      counted(service.pre_start) + counted(service.exec)));
    // The app's streams have ended with it.
    if (!service.post_stop.empty())
        text += setting("ExecStopPost", launched(service, "", counted(service.post_stop)));
    return text;
}

// What systemd sets by itself is none of the app's, unless its manifest says so: unsetting comes last.
std::string unset(const AppService& service) {
    Words names;
    for (const char* name : {"INVOCATION_ID", "JOURNAL_STREAM", "LANG", "MEMORY_PRESSURE_WATCH",
                             "MEMORY_PRESSURE_WRITE", "SYSTEMD_EXEC_PID"})
        if (std::ranges::find(service.environment, name, &std::pair<std::string, std::string>::first) ==
            service.environment.end())
            names.emplace_back(name);
    return names.empty() ? "" : setting("UnsetEnvironment", join(names, " "));
}

std::string environment(const AppService& service) {
    std::string text = unset(service);
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

std::string joined(const Capabilities& capabilities) {
    return join(Words(capabilities.begin(), capabilities.end()), " ");
}

std::string root(const AppService& service) {
    std::string text;
    if (service.read_only_root)
        text += "ReadOnlyPaths=+/\n";
    if (service.read_only_root)
        for (const std::string& volume : service.writable)
            text += setting("ReadWritePaths", quote("+" + volume));
    if (service.masked)
        text += masks;
    if (!service.filter.empty())
        text += fmt::format("BindReadOnlyPaths=/rkt/filters/{}:{}\n", service.name, filter_path);
    return text;
}

std::string confinement(const AppService& service) {
    std::string text = setting("CapabilityBoundingSet", joined(service.capabilities));
    if (!service.ambient.empty())
        text += setting("AmbientCapabilities", joined(service.ambient));
    if (service.no_new_privileges)
        text += "NoNewPrivileges=yes\n";
    if (service.usual_filter && !service.capabilities.contains("CAP_SYS_ADMIN"))
        text += app_filter;
    for (const auto& [key, value] : service.settings)
        text += setting(key, value);
    return text + root(service);
}

std::string restarts(const AppService& service) {
    if (service.restart == "no")
        return "";
    return setting("Restart", service.restart) + "RestartSec=1\n";
}

// What the end of an app means to its pod. finish ends with the app's status: 0 is a success.
std::string end_of_pod(const AppService& service, bool failed, ExitPolicy policy) {
    std::string text = service.only ? "" : "Wants=done.target\n";
    std::string_view action = service.only ? "exit-force" : "exit";
    if (service.only || policy == ExitPolicy::OnAny || (failed && policy == ExitPolicy::OnAnyFailure))
        text += setting("FailureAction", action);
    if (service.only || policy == ExitPolicy::OnAny)
        text += setting("SuccessAction", action);
    return text;
}

} // namespace

bool is_reserved(std::string_view app) {
    return app == "dbus" || app == "systemd-journald";
}

std::string unit_text(const AppService& service) {
    std::string text = unit_section(service) + "\n[Service]\n";
    text += type(service);
    text += setting("RootDirectory", fmt::format("/opt/stage2/{}/rootfs", service.name));
    text += common;
    text += started(service) + input(service);
    text += setting("SyslogIdentifier", service.name);
    text += setting("WorkingDirectory", bare_path(service.working_directory));
    text += identity(service.account) + confinement(service) + environment(service) + restarts(service) +
            commands(service);
    return text;
}

std::string ended_unit(const AppService& service, bool failed) {
    return fmt::format("{}_{}.service", failed ? "failed" : "succeeded", service.name);
}

std::string ended_unit_text(const AppService& service, bool failed, ExitPolicy policy) {
    std::string text = "[Unit]\n";
    text += setting("Description", fmt::format("End of {}", service.name));
    text += "DefaultDependencies=no\n"
            "Before=shutdown.target\n";
    text += setting("Conflicts", service.name + ".service");
    if (!service.apart)
        text += end_of_pod(service, failed, policy);
    return text + "\n[Service]\nType=oneshot\nExecStart=/rkt/finish\n";
}

} // namespace rkt
