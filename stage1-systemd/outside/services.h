// SPDX-License-Identifier: Apache-2.0
//
// From a pod's manifests to the services of its apps.

#pragma once

#include "appc/app.h"
#include "appc/image-manifest.h"
#include "appc/pod-manifest.h"
#include "os/cgroup.h"
#include "pod/layout.h"
#include "stage1-systemd/outside/app-unit.h"
#include "stage1-systemd/outside/isolators.h"
#include "stage1-systemd/outside/volumes.h"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rkt {

// What the app finds in its environment: ACE-15 to ACE-18, below them what its manifest says, and at the
// bottom what rkt gives to every app. Where the pod's metadata is told there is a URL.
std::vector<std::pair<std::string, std::string>> environment_of(const std::string& name, const App& app,
                                                                const Account& account,
                                                                const std::string& metadata_url);

// Which of the usual restrictions are left out (--insecure-options).
struct Unrestricted {
    bool capabilities = false;
    bool paths = false;
    bool calls = false;

    // A line each. What parse does not know it passes over.
    static Unrestricted parse(std::string_view text);
    std::string str() const;
};

// The services of a pod, and what became of its isolators.
struct Services {
    std::vector<AppService> apps; // in the manifest's order
    ExitPolicy policy;
    Settings pod_settings = {}; // that bound all apps together
    std::string isolators = {}; // as PodLayout::isolators() has them
    bool all_enforced = true;
};

// Reads the manifests of the apps' images, and the accounts in their roots, and mounts their volumes there.
// Throws Error that names the app if one cannot be run. `cgroup` is the pod's, whose controllers count.
Services services_of(const PodManifest& pod, const PodLayout& layout, const Unrestricted& unrestricted = {},
                     const std::optional<PodUsers>& users = {},
                     const std::optional<Cgroup>& cgroup = Cgroup::own());

// Writes into the pod's root a unit for each service, which starts with the pod unless its end is its own
// affair, those of its end, and the accounts that systemd asks for.
void write_services(const Services& services, const std::filesystem::path& root);

// Takes the units of an app away again, and its filter; nothing happens where they are not.
void remove_service(const std::string& app, const std::filesystem::path& root);

} // namespace rkt
