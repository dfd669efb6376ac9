// SPDX-License-Identifier: Apache-2.0
//
// The standard streams of one app, as far as rkt carries them.
//
// At each start of the app the pod's systemd connects to our socket in the pod's root, where no app gets at
// it, and leaves the connection to the app's starter. That gives us the other ends of the streams it has
// made, once: what comes from the app later is bytes in a stream and nothing else.

#pragma once

#include "os/fan.h"
#include "os/pass.h"
#include "os/relay.h"
#include "pod/stream-modes.h"

#include <functional>
#include <list>
#include <string>

#include <sys/types.h>

namespace rkt {

class AppStreams {
public:
    struct Parts {
        std::string name;
        StreamModes modes;
        Fd listener;
        uid_t root;             // the pod's
        bool shown = false;     // on our own standard output and error
        Relay* relay = nullptr; // by which our own input, and our terminal, are the app's; or nothing
        std::function<void()> unread = {}; // called when nobody reads our own output any more
    };

    AppStreams(Loop& loop, Parts parts);
    AppStreams(const AppStreams&) = delete;
    AppStreams& operator=(const AppStreams&) = delete;
    ~AppStreams();

    const std::string& name() const noexcept { return parts_.name; }

    // Throws Error if nobody can attach to these.
    void check(const Endpoints& wanted) const;

    // Somebody at the other end of the socket attaches, until it is closed. Throws SystemError if he has
    // gone.
    void join(Fd socket, const Endpoints& wanted);

    // The app has ended. All that it wrote is carried; who has attached is let go.
    void finish(int until);

private:
    struct Guest {
        Fd socket;
        bool types;
    };

    void meet_starter();
    void take_streams(int socket);
    void take(std::vector<Fd> ends);
    void take_input(Fd input);
    void show();
    void tell_input(const Guest& guest) const;
    void drop(int socket);

    Loop& loop_;
    Parts parts_;
    Endpoints endpoints_;
    std::list<Fd> starters_ = {};
    std::list<Guest> guests_ = {};
    Fan out_{loop_};
    Fan err_{loop_};
    Fd input_ = {}; // what the app reads, or its terminal, is written here
    bool input_ended_ = false;
    bool is_shown_ = false;
};

} // namespace rkt
