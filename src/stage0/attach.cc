// SPDX-License-Identifier: Apache-2.0

#include "stage0/attach.h"

#include "base/error.h"
#include "os/local-socket.h"
#include "os/pass.h"
#include "os/relay.h"
#include "os/signals.h"
#include "stage0/streams.h"

#include <algorithm>
#include <csignal>

#include <unistd.h>

namespace rkt {

namespace {

Fd connect_to_pod(const Pod& pod) {
    if (pod.state != PodState::Running)
        throw Error("attaching to the pod {}: it is {}, not running", pod.uuid, str(pod.state));
    try {
        return connect_to(pod.layout.attach(), SOCK_SEQPACKET);
    } catch (const SystemError& error) {
        if (error.code() != ENOENT && error.code() != ECONNREFUSED)
            throw;
        throw Error(
            "attaching to the pod {}: no rkt carries its streams: it is starting or ending, or its rkt "
            "was killed",
            pod.uuid);
    }
}

// What lasts as long as we are attached.
class Guest {
public:
    Guest(Fd socket, const Endpoints& endpoints) : socket_(std::move(socket)), endpoints_(endpoints) {}

    void stay(const std::string& app) {
        send_parcel(socket_.get(), AttachWords{app, endpoints_}.str());
        loop_.watch(socket_.get(), [this] { hear(); });
        loop_.watch(signals_.fd(), [this] { take_signals(); });
        loop_.run();
        relay_.finish();
    }

private:
    void hear() {
        std::optional<Parcel> parcel = receive_parcel(socket_.get());
        if (!parcel || parcel->is_end())
            return loop_.stop();
        if (parcel->text == "attached")
            return show(std::move(parcel->fds));
        if (parcel->text != "input" || parcel->fds.size() != 1)
            throw Error("attaching: {}", parcel->text);
        if (!endpoints_.terminal)
            return relay_.carry_input(std::move(parcel->fds.front()), [this] {
                if (!endpoints_.out && !endpoints_.err)
                    loop_.stop();
            });
        relay_.carry_keys(std::move(parcel->fds.front()),
                          {.at_end = "", .seen = [this](std::string_view typed) {
                               if (keys_.take(typed))
                                   loop_.stop();
                           }});
    }

    void show(std::vector<Fd> ends) {
        auto next = ends.begin();
        if ((endpoints_.terminal || endpoints_.out) && next != ends.end())
            relay_.carry_output(std::move(*next++), STDOUT_FILENO, [this] { loop_.stop(); });
        if (endpoints_.err && next != ends.end())
            relay_.carry_output(std::move(*next++), STDERR_FILENO, [this] { loop_.stop(); });
    }

    void take_signals() {
        while (std::optional<int> signal = signals_.take()) {
            if (*signal == SIGWINCH)
                relay_.resize();
            else
                loop_.stop();
        }
    }

    Fd socket_;
    Endpoints endpoints_;
    DetachKeys keys_ = {};
    Signals signals_{SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGWINCH};
    Loop loop_ = {};
    Relay relay_{loop_};
};

} // namespace

Endpoints endpoints_of_app(const Pod& pod, const std::string& app) {
    for (const AppModes& modes : read_modes(pod.layout))
        if (modes.app == app)
            return endpoints_of(modes.modes);
    return {};
}

Endpoints choose_endpoints(const std::string& app, const Endpoints& has,
                           const std::optional<Endpoints>& asked) {
    if (has.none())
        throw Error(
            "attaching to app {}: its output goes to the journal, or nowhere: rkt logs prints it; --stdin, "
            "--stdout and --stderr of rkt run with stream or tty make streams that can be attached to",
            app);
    if (asked && !has.include(*asked))
        throw Error("attaching to app {}: it has no {} to attach to, but {}", app, asked->str(), has.str());
    return asked.value_or(has);
}

bool DetachKeys::take(std::string_view typed) {
    constexpr char key = '\x1d'; // ^]
    for (char typed_key : typed) {
        count_ = typed_key == key ? count_ + 1 : 0;
        if (count_ == 3)
            return true;
    }
    return false;
}

void attach_to(const Pod& pod, const std::string& app, const Endpoints& endpoints) {
    std::signal(SIGPIPE, SIG_IGN); // who does not read any more is an error of write(2)
    Guest(connect_to_pod(pod), endpoints).stay(app);
}

} // namespace rkt
