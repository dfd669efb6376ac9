// SPDX-License-Identifier: Apache-2.0
//
// Watches over a pod that has been started: tells who must know that it is there, passes on its
// output, ends it in order when asked and for good when asked again.

#pragma once

#include "os/loop.h"
#include "os/process.h"
#include "os/signals.h"
#include "os/watches.h"
#include "pod/pods.h"
#include "stage0/notify.h"
#include "stage0/output.h"
#include "stage0/streams.h"
#include "stage0/unit.h"

#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace rkt {

class Supervisor {
public:
    struct Parts {
        Loop& loop;
        const PodLock& pod;
        Child& stage1; // nspawn, from the time when stage1's run has become it
        bool tells;    // of its leader and its apps
        NotifySocket& notify;
        Signals& signals;
        Bus* bus; // empty where PID 1 is not systemd
        PodUnit& unit;
        std::optional<Output> output; // nothing if nobody wants to see it
        Streams* streams;             // empty if no app's are carried
        std::function<void(pid_t)> leader_known;
        bool goes_on = false; // when its apps have ended, too
    };

    explicit Supervisor(Parts parts);

    // Until stage1 has ended and whatever it left behind is killed. Gives stage1's status.
    int run();

    // The first time ends the pod in order, the second time at once.
    void stop();

private:
    void take_notices();
    void take_ends();
    void take_end(std::string_view app);
    bool has_ended(std::string_view but) const;
    void take_signals();
    void meet_leader(pid_t leader);
    void hold_watches();
    void release_watches();
    void quicken_end();
    void finish_output();
    void become_ready();
    void ask_for_poweroff() const;
    void print();
    void attend_reader(bool waits);
    void close_output();
    void print_rest();
    bool reader_comes();
    int end();

    Parts parts_;
    Loop& loop_;
    Fd events_;
    Fd leader_ = {};
    pid_t leader_pid_ = 0;
    std::vector<Fd> watches_ = {}; // of the pod's systemd, until it has ended
    int stops_ = 0;
    bool ready_ = false;
    bool reader_waits_ = false; // there is more for who reads our output than he has taken
};

} // namespace rkt
