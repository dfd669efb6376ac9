// SPDX-License-Identifier: Apache-2.0

#include "stage0/run.h"

#include "base/error.h"
#include "base/log.h"
#include "stage0/collect.h"
#include "stage0/layers.h"

namespace rkt {

namespace {

// A stage1 that is not ours need not know of users at all.
std::optional<PodUsers> users_for(const Pods& pods, const PodLock& pod, const std::vector<AppLayers>& layers,
                                  PrivateUsers wanted, const Stage1& stage1) {
    if (wanted == PrivateUsers::No || (wanted == PrivateUsers::Auto && !stage1.is_ours()))
        return std::nullopt;
    std::string reason;
    std::optional<PodUsers> users = find_users(pods, pod, layers, reason);
    if (!users && wanted == PrivateUsers::Yes)
        throw Error("{}; --private-users=no runs the pod without", reason);
    if (!users)
        note("the pod has no users of its own: {}", reason);
    return users;
}

// The store is let go at the end: the pin keeps the layers from there on, and whoever collects must not wait
// for the pod's end.
std::vector<AppLayers> layers_for(const PodLock& pod, Store store) {
    return layers_of(pod.layout(), view_of(pod).apps(), store.data_dir());
}

// What stands for the layers of apps that are added later, for who asks what can be done with them.
std::vector<AppLayers> layers_to_come(const std::filesystem::path& data_dir) {
    return {{.app = "", .layers = {data_dir / "layers"}}};
}

} // namespace

int run_pod(const Pods& pods, Store store, PodLock pod, Launch& launch, const LaunchOptions& options,
            bool keep) {
    const std::filesystem::path data_dir = store.data_dir();
    pods.move(pod, PodPlace::Run);
    try {
        Stage1 stage1 = stage1_of(pod.layout());
        std::vector<AppLayers> layers = layers_for(pod, std::move(store));
        std::optional<PodUsers> users = users_for(
            pods, pod, layers.empty() ? layers_to_come(data_dir) : layers, options.private_users, stage1);
        return launch.run(pods, pod, stage1, layers, users, options);
    } catch (const std::exception&) {
        if (!keep && !view_of(pod).started()) {
            unmount_pod(pod.layout());
            Store again = Store::open(data_dir);
            discard_pod(pods, again, std::move(pod));
        }
        throw;
    }
}

} // namespace rkt
