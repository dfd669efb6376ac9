// SPDX-License-Identifier: Apache-2.0
//
// How the parts of a pod manifest fit together: mounts with volumes, ports of the host with ports of
// the apps.

#pragma once

#include "appc/pod-manifest.h"

#include <vector>

namespace rkt {

// Reads the member "ports" (POD-14).
std::vector<ExposedPort> read_exposed_ports(Reader& reader);

// Faults for names of ports that two apps share, for ports that nobody has, and for two that want the
// same port of the host (POD-15, POD-20). What the images say is not known here: an app without an
// "app" of its own may have any port.
void check_ports(Reader& reader, const PodManifest& pod);

// Faults for mounts whose volume is not there.
void check_mounts(Reader& reader, const PodManifest& pod);

} // namespace rkt
