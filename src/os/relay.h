// SPDX-License-Identifier: Apache-2.0
//
// Carries what others write to where it is to be read, while a Loop runs.
//
// Nothing waits for a slow reader but the bytes meant for it, so that a program that is fed and read by us
// may take its time with either.

#pragma once

#include "os/fd.h"
#include "os/loop.h"
#include "os/terminal.h"

#include <functional>
#include <list>
#include <optional>
#include <string>
#include <string_view>

namespace rkt {

// Bytes on their way in one direction.
class Flow {
public:
    struct Ends {
        Fd from;
        Fd to;
        std::string at_end = {};                         // written when `from` has ended
        std::function<void()> unread = {};               // called when nobody reads `to` any more
        std::function<void()> ended = {};                // called when `from` has ended, and all is written
        std::function<void(std::string_view)> seen = {}; // called with what has been read
    };

    // Both are closed at the end. What is not ours alone (our standard streams) is given as a copy.
    Flow(Loop& loop, Ends ends);
    Flow(const Flow&) = delete;
    Flow& operator=(const Flow&) = delete;
    ~Flow();

    // Carries what has been written so far, whoever is still there to write more, and ends.
    void finish();

private:
    void fill();
    void read_more();
    void write_some();
    void end();

    Loop& loop_;
    Ends ends_;
    std::string waiting_ = {};
    bool at_end_ = false;
};

// What is typed at a terminal of another process.
struct Keys {
    std::string at_end = "\x04"; // what is typed when our input ends: Ctrl-D
    std::function<void(std::string_view)> seen = {};
};

// The streams of another process, carried from and to our own standard streams.
class Relay {
public:
    explicit Relay(Loop& loop) : loop_(loop) {}

    // From our input to what another reads, until either ends. Takes the place of an earlier one.
    void carry_input(Fd to, std::function<void()> ended = {});

    // From what another writes to STDOUT_FILENO or STDERR_FILENO, until nobody reads there.
    void carry_output(Fd from, int to, std::function<void()> unread = {});

    // From our input to the terminal whose master this is, in the place of an earlier one; our window's size
    // too. Ours, if we have one, is raw until finish().
    void carry_keys(Fd master, Keys keys = {});

    // Both ways for the terminal whose master this is. Ours, if we have one, is raw until finish().
    void carry_terminal(Fd master);

    // Our window has another size now.
    void resize() const;

    // Whoever wrote has ended: the rest of it is written, and our terminal is as it was.
    void finish();

private:
    void hang_up();

    Loop& loop_;
    Fd master_ = {};
    std::optional<RawTerminal> raw_ = {};
    std::list<Flow> inputs_ = {};
    std::list<Flow> outputs_ = {};
};

// A copy that is closed on exec.
Fd copy_of(int fd);

} // namespace rkt
