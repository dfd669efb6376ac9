// SPDX-License-Identifier: Apache-2.0
//
// Carries what one process writes to any number of readers, who come and go, while a Loop runs.
//
// With no reader the bytes are lost, and the writer never waits. With some it is as fast as the slowest of
// them, so that each gets every byte from the moment it came.

#pragma once

#include "os/fd.h"
#include "os/loop.h"

#include <deque>
#include <functional>
#include <list>
#include <string>

namespace rkt {

class Fan {
public:
    struct Reader {
        Fd to;
        bool patient = false;              // waited for at the end, however long it takes
        std::function<void()> unread = {}; // called when nobody reads there any more
    };

    explicit Fan(Loop& loop) : loop_(loop) {}
    Fan(const Fan&) = delete;
    Fan& operator=(const Fan&) = delete;
    ~Fan();

    // Behind the end of what is carried already. The descriptor does not wait from now on.
    void add_source(Fd from);

    void add_reader(Reader reader);

    // Carries what has been written so far, whoever is still there to write more, and lets go of everything.
    // Patience ends when `until` can be read.
    void finish(int until = -1);

private:
    struct Place {
        Reader reader;
        std::size_t written = 0; // of waiting_
    };
    using Places = std::list<Place>;

    void fill();
    void read_more();
    void write_some(Places::iterator place);
    void remove(Places::iterator place);
    void write_rest(int until);

    Loop& loop_;
    std::deque<Fd> sources_ = {};
    Places places_ = {};
    std::string waiting_ = {};
    std::size_t writing_ = 0; // places that have not all of waiting_ yet
};

} // namespace rkt
