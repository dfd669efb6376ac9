// SPDX-License-Identifier: Apache-2.0
//
// The pod's resolv.conf and hosts, mounted over those of an app's root (ACE-44, ACE-45).
//
// They are mounted and not written: stage0 writes the hosts file anew when a pod beside this one comes or
// goes, and what rkt export finds in an app's root is the app's own. Nothing is followed: a link at
// /etc/resolv.conf is what the file is mounted over, wherever it leads.

#pragma once

#include "os/dir.h"
#include "pod/layout.h"
#include "pod/user-range.h"

#include <optional>
#include <string>

namespace rkt {

struct NamesPlace {
    const Dir& root; // of the app, its volumes in their places
    const PodLayout& layout;
    const std::string& app;
    const std::optional<PodUsers>& users;
};

// Where a volume is mounted over one of them, that is what the app gets. What the image has in its hosts file
// stands behind ours. Throws SystemError; warns of an image in which there is no place for them.
void mount_names(const NamesPlace& place);

} // namespace rkt
