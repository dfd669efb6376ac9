// SPDX-License-Identifier: Apache-2.0
//
// The entry point that starts a pod: run [--debug] --net=none|host [--hostname=NAME] … UUID
//
// stage0 executes it in the pod's directory, with everything mounted, in a mount namespace of the pod's own.
// It writes the apps' services into the pod's root and becomes systemd-nspawn, which holds the pod's lock
// from then on.

#include "stage1-systemd/outside/entry-points.h"

#include "appc/pod-manifest.h"
#include "appc/uuid.h"
#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "os/file.h"
#include "os/mount.h"
#include "pod/layout.h"
#include "pod/metadata.h"
#include "pod/pod.h"
#include "pod/user-range.h"
#include "stage1-systemd/outside/filter.h"
#include "stage1-systemd/outside/nspawn.h"
#include "stage1-systemd/outside/services.h"
#include "wrap/command-line.h"

#include <algorithm>
#include <climits>
#include <cstdlib>
#include <optional>
#include <string>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

namespace rkt {

namespace {

struct RunArguments {
    bool debug = false;
    bool strict = false;
    bool is_mutable = false;
    Unrestricted unrestricted = {};
    std::string network = "none";
    std::optional<std::string> hostname = {};
    std::optional<std::string> private_users = {};
    std::string uuid = {};
};

// Arguments that the interface has and this stage1 does not act on are refused, not overlooked.
RunArguments read_arguments(const std::vector<std::string>& words) {
    RunArguments arguments;
    CommandLine line("run [FLAG...] UUID", "Starts the pod whose directory is the working directory.");
    line.flag("--debug", arguments.debug, "show the start of the pod");
    line.flag("--strict-isolators", arguments.strict, "start nothing if an isolator cannot be enforced");
    Unrestricted& unrestricted = arguments.unrestricted;
    line.flag("--disable-capabilities-restriction", unrestricted.capabilities,
              "let apps have every capability");
    line.flag("--disable-paths", unrestricted.paths, "hide nothing of /proc and /sys");
    line.flag("--disable-seccomp", unrestricted.calls, "let the pod call what the kernel lets it");
    line.flag("--mutable", arguments.is_mutable, "apps are added and removed while it runs");
    line.option("--net", arguments.network, "none, host, or joined: that of this process");
    line.option("--hostname", arguments.hostname, "the pod's host name");
    line.option("--private-users", arguments.private_users, "SHIFT:COUNT of the pod's user namespace");
    line.words(
        "UUID", [&](const std::string& word) { arguments.uuid = word; }, "of the pod");
    line.parse(words);
    return arguments;
}

Network parse_network(const std::string& word) {
    if (word == "none")
        return Network::None;
    if (word == "host")
        return Network::Host;
    if (word == "joined")
        return Network::Joined;
    throw UsageError("--net={}: only none, host and joined are known", word);
}

// Who holds the lock runs the pod: it must outlive the exec.
void keep_lock() {
    const char* text = std::getenv("RKT_LOCK_FD");
    if (text == nullptr)
        return;
    auto number = parse_number(text);
    if (!number || *number > INT_MAX || ::fcntl(static_cast<int>(*number), F_SETFD, 0) < 0)
        throw Error("keeping the pod's lock: RKT_LOCK_FD={} is no descriptor", text);
}

// Of the whole range, as nspawn takes it too.
std::optional<PodUsers> users_of(const RunArguments& arguments) {
    if (!arguments.private_users)
        return std::nullopt;
    return make_users(UserRange::parse(*arguments.private_users));
}

std::optional<std::string> name_of(const PodLayout& layout) {
    auto text = read_file_if_any(layout.name());
    return text ? std::optional<std::string>(trim(*text)) : std::nullopt;
}

Capabilities wanted_by(const Services& services) {
    Capabilities all;
    for (const AppService& service : services.apps)
        all.insert(service.capabilities.begin(), service.capabilities.end());
    return all;
}

// nspawn compiles its own filter for a pod with other capabilities, and where none was prepared.
void prepare_filter(const RunArguments& arguments, const NspawnOptions& options) {
    if (arguments.unrestricted.calls)
        ::setenv("SYSTEMD_SECCOMP", "0", 1);
    else if (options.capabilities.empty() && !load_filter(options.rootfs / "rkt"))
        trace("stage1 has no system call filter: nspawn compiles one");
}

// Apps that are added later are restricted as those that were there at the start.
void remember(const RunArguments& arguments, const PodLayout& layout) {
    std::string words = arguments.unrestricted.str();
    if (arguments.strict)
        words += "strict-isolators\n";
    write_plainly(layout.restrictions(), words);
}

// Waits until rkt has moved this process into the pod's unit, if it says that it does.
void await_unit() {
    const char* text = std::getenv("RKT_UNIT_FD");
    if (text == nullptr)
        return;
    auto number = parse_number(text);
    char told = 0;
    if (!number || *number > INT_MAX || ::read(static_cast<int>(*number), &told, 1) != 1)
        throw Error("the pod's unit did not come to be");
    ::close(static_cast<int>(*number));
    ::unsetenv("RKT_UNIT_FD");
}

// What can be limited depends on the unit.
bool asks_for_limits(const PodManifest& pod) {
    return !pod.isolators.empty() || std::ranges::any_of(pod.apps, [](const RuntimeApp& app) {
        return !app.app || !app.app->isolators.empty();
    });
}

// The pod's loopback leads to the service's socket by what the pod's root has and no app's. The service's
// directory is bound, not the socket: that may be made again while the pod runs.
void lead_to_metadata(const PodLayout& layout) {
    namespace fs = std::filesystem;
    if (!metadata_token_of(layout))
        return;
    fs::path root = layout.stage1_rootfs();
    fs::create_directories(metadata_socket_dir);
    fs::create_directory(root / "rkt" / "metadata");
    bind_mount(metadata_socket_dir, root / "rkt" / "metadata");
    fs::path started = root / "etc/systemd/system/default.target.wants";
    fs::create_directories(started);
    fs::create_symlink("/usr/lib/systemd/system/rkt_metadata.socket", started / "rkt_metadata.socket");
}

// The pod's systemd would watch for a change of its time zone, which nothing in a pod can change, by one of
// root's few inotify instances (os/dir-changes.h). A file that it may not read it cannot watch: it belongs to
// a user whom the pod does not have.
void fix_time_zone(const PodLayout& layout) {
    write_plainly(layout.stage1_rootfs() / "etc" / "localtime", "", 0);
}

[[noreturn]] void start(const RunArguments& arguments) {
    PodLayout layout{std::filesystem::current_path()};
    PodManifest pod = PodManifest::parse(read_file(layout.manifest()));
    if (asks_for_limits(pod))
        await_unit();
    Services services = services_of(pod, layout, arguments.unrestricted, users_of(arguments));
    if (arguments.strict && !services.all_enforced)
        throw Error("--strict-isolators: not all isolators of the pod can be enforced");
    write_services(services, layout.stage1_rootfs());
    Network network = parse_network(arguments.network);
    if (network != Network::Host) // whose own loopback has the service
        lead_to_metadata(layout);
    if (arguments.private_users)
        fix_time_zone(layout);
    if (arguments.is_mutable)
        remember(arguments, layout);
    if (!services.isolators.empty())
        write_plainly(layout.isolators(), services.isolators);

    Uuid uuid = Uuid::parse(arguments.uuid);
    NspawnOptions options = {.uuid = uuid,
                             .machine = machine_name(uuid, name_of(layout)),
                             .rootfs = layout.stage1_rootfs(),
                             .network = network,
                             .hostname = arguments.hostname,
                             .private_users = arguments.private_users,
                             .capabilities = beyond_pod(wanted_by(services)),
                             .debug = arguments.debug};
    await_unit();
    write_at_once(layout.ppid(), fmt::format("{}\n", ::getpid()));
    keep_lock();
    prepare_filter(arguments, options);
    ::setenv("SYSTEMD_NSPAWN_CONTAINER_SERVICE", "rkt", 1);
    become_nspawn(nspawn_words(options));
}

} // namespace

int run(const Arguments& words) {
    RunArguments arguments = read_arguments(words);
    if (arguments.debug)
        enable_debug();
    start(arguments);
}

} // namespace rkt
