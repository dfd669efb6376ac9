// SPDX-License-Identifier: Apache-2.0
//
// Runs a pod from its first process to its last: mounts, unit, stage1, registration, output, end.

#pragma once

#include "appc/pod-manifest.h"
#include "os/process.h"
#include "os/quick-moves.h"
#include "os/signals.h"
#include "pod/pods.h"
#include "stage0/mounts.h"
#include "stage0/names-plan.h"
#include "stage0/network-plan.h"
#include "stage0/stage1.h"
#include "stage0/unit.h"

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace rkt {

class Loop;
class NotifySocket;
class PodNetwork;
class Supervisor;

// Whether a pod has users of its own.
enum class PrivateUsers { Auto, Yes, No };

struct LaunchOptions {
    NetworkPlan network = {};
    NamesPlan names = {};
    std::optional<std::string> hostname = {};         // else the machine's name
    PrivateUsers private_users = PrivateUsers::Auto;  // where it can be
    bool print_output = true;                         // the apps' lines on our standard output
    std::optional<bool> metadata = {};                // published; else if the service has been started
    bool strict_isolators = false;                    // start nothing if an isolator cannot be enforced
    bool is_mutable = false;                          // apps come and go while it runs
    std::set<std::string, std::less<>> insecure = {}; // "capabilities", "paths", "seccomp": not restricted
};

// Throws Error for what keeps a pod from being started so, as far as that can be told before.
void check_launch(const PodLayout& pod, const PodManifest& manifest, const Stage1& stage1,
                  const LaunchOptions& options);

// One run of one pod: what has to stand while it lasts.
class Launch {
public:
    // Asks systemd for the pod's unit, which is made while the caller prepares the pod. From here on the
    // signals that end a pod are kept until there is one.
    Launch(const Uuid& uuid, const std::optional<std::string>& name);
    Launch(const Launch&) = delete;
    Launch& operator=(const Launch&) = delete;

    // Takes the pod, which stands in run/, and returns when nothing of it is alive any more.
    // Gives the pod's status (status_of), which is 0 for the orderly end of a mutable pod; throws Error if a
    // pod's status is not known.
    int run(const Pods& pods, const PodLock& pod, const Stage1& stage1, const std::vector<AppLayers>& layers,
            const std::optional<PodUsers>& users, const LaunchOptions& options);

private:
    int status_at_end(const PodLock& pod, const Stage1& stage1, const LaunchOptions& options) const;
    void stand_in_unit(const PodLayout& pod);
    Child start(const PodLock& pod, Command command, const NotifySocket& notify, bool ours);
    void quicken(Loop& loop);
    void supervise(const PodLock& pod, const Stage1& stage1, const LaunchOptions& options,
                   const PodNetwork* network);
    void meet(const PodLayout& pod, pid_t leader);
    void forget_machine();
    void stop();

    Uuid uuid_;
    std::string machine_;
    std::unique_ptr<QuickMoves> moves_; // while the pod begins; empty when that is over
    Signals signals_;
    std::optional<Bus> bus_;
    PodUnit unit_;
    Supervisor* supervisor_ = nullptr;
    bool met_ = false; // whether there has been a leader
    int stage1_status_ = 0;
    enum class Registration { None, Asked, Done } registration_ = Registration::None;
};

} // namespace rkt
