// SPDX-License-Identifier: Apache-2.0
//
// From a pod's manifests to the services of its apps.

#pragma once

#include "appc/app.h"
#include "appc/image-manifest.h"
#include "appc/pod-manifest.h"
#include "pod/layout.h"
#include "stage1-systemd/outside/app-unit.h"

#include <string>
#include <utility>
#include <vector>

namespace rkt {

// What the app finds in its environment: ACE-15, ACE-16, ACE-18, below them what its manifest says, and at
// the bottom what rkt gives to every app.
std::vector<std::pair<std::string, std::string>> environment_of(const std::string& name, const App& app,
                                                                const Account& account);

// One app of a pod; `root` is its root file system. Throws Error if it cannot be run.
AppService service_of(const RuntimeApp& app, const ImageManifest& image, const Dir& root);

// All apps of a pod, in the manifest's order. Reads the manifests of their images, and the accounts in their
// roots.
std::vector<AppService> services_of(const PodManifest& pod, const PodLayout& layout);

// Writes a unit for each service, which starts with the pod, and the accounts that systemd asks for.
void write_services(const std::vector<AppService>& services, const PodLayout& layout);

} // namespace rkt
