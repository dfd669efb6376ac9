// SPDX-License-Identifier: Apache-2.0
//
// What rkt carries of the standard streams of a pod's apps: to and from our own, and those of `rkt attach`.

#pragma once

#include "os/loop.h"
#include "os/relay.h"
#include "pod/layout.h"
#include "stage0/app-streams.h"

#include <functional>
#include <list>
#include <string>
#include <string_view>
#include <vector>

namespace rkt {

struct AppModes {
    std::string app;
    StreamModes modes;
};

// Of every app, as the pod's manifest says. Throws Error.
std::vector<AppModes> read_modes(const PodLayout& pod);

class Streams {
public:
    struct Options {
        bool own = false;                  // our own standard streams take part
        std::function<void()> unread = {}; // called when nobody reads our own output any more
    };

    // Listens in the pod's root, which must be mounted, and at its attach() for who wants to take part.
    Streams(Loop& loop, const PodLayout& pod, const std::vector<AppModes>& apps, const Options& options);
    Streams(const Streams&) = delete;
    Streams& operator=(const Streams&) = delete;
    ~Streams();

    // Our window has another size now.
    void resize() const { relay_.resize(); }

    // Carries what it wrote, and lets go of who has attached to it. Whoever reads our own output is waited
    // for until `until` can be read.
    void finish(std::string_view app, int until);

    // The same for all. Our terminal is as it was.
    void finish(int until);

private:
    void receive_guest();
    void hear_guest(int socket);

    Loop& loop_;
    PodLayout pod_;
    Relay relay_{loop_};
    std::list<AppStreams> apps_ = {};
    std::list<Fd> newcomers_ = {};
    Fd listener_;
};

// What one who attaches asks for: "APP ENDPOINTS". The answer is "attached", with an end for each output, or
// the reason why not; from then on "input" comes with an end to write to at each start of the app.
struct AttachWords {
    std::string app;
    Endpoints endpoints;

    static AttachWords parse(std::string_view text); // throws Error
    std::string str() const { return app + " " + endpoints.str(); }
};

} // namespace rkt
