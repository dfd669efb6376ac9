// SPDX-License-Identifier: Apache-2.0
//
// The volumes of a pod, mounted into the roots of its apps before the pod's systemd starts (ACE-22 to
// ACE-36).
//
// Paths of an image are followed inside its root and nowhere else, those of the host not at all where a link
// stands in them: who may write to a part of the path would choose what the pod sees.

#pragma once

#include "appc/image-manifest.h"
#include "appc/pod-manifest.h"
#include "os/dir.h"
#include "pod/layout.h"
#include "pod/user-range.h"

#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

namespace rkt {

// A volume as one app sees it.
struct MountedVolume {
    Volume volume;
    std::string path; // in the app
    bool read_only;   // as the volume or the mount point says (ACE-34)
};

// In the order of the mounts. Throws Error for a mount without a volume (POD-17).
std::vector<MountedVolume> volumes_of(const RuntimeApp& app, const App& what, const PodManifest& pod);

struct VolumePlace {
    const Dir& root; // of the app
    const PodLayout& layout;
    const std::optional<PodUsers>& users;
    bool prefilled = false; // an empty volume begins with what the image has at its place
};

// Mounts them into the root of an app, making what is missing on the way. What the host's root owns in a
// volume of the host is the pod's root's, if the pod has users of its own. Throws Error that names the
// volume; warns of what is hidden.
void mount_volumes(const std::vector<MountedVolume>& volumes, const VolumePlace& place);

} // namespace rkt
