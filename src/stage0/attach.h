// SPDX-License-Identifier: Apache-2.0
//
// Taking part in the streams of an app that another rkt carries.

#pragma once

#include "pod/pods.h"
#include "pod/stream-modes.h"

#include <optional>
#include <string>
#include <string_view>

namespace rkt {

// What there is to attach to, as the pod's manifest says. Throws Error if the pod has no such app.
Endpoints endpoints_of_app(const Pod& pod, const std::string& app);

// What is asked for: everything, if nothing is said. Throws Error, which says what to do, if the app has none
// of it.
Endpoints choose_endpoints(const std::string& app, const Endpoints& has,
                           const std::optional<Endpoints>& asked);

// Whether somebody who types has typed ^] three times, which is how he detaches from a terminal.
class DetachKeys {
public:
    // Takes what was typed. Gives true once it is complete.
    bool take(std::string_view typed);

private:
    int count_ = 0;
};

// Carries the app's streams to and from our own until the app ends, somebody ends us, or types the keys: the
// app goes on then. Throws Error if the pod does not run.
void attach_to(const Pod& pod, const std::string& app, const Endpoints& endpoints);

} // namespace rkt
