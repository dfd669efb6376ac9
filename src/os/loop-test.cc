// SPDX-License-Identifier: Apache-2.0

#include "os/loop.h"

#include "os/process.h"
#include "os/signals.h"

#include <doctest/doctest.h>

#include <csignal>

using namespace rkt;

TEST_CASE("the end of a child and a signal are both events") {
    Signals signals{SIGUSR1};
    Child child = Child::spawn({.program = "true"});
    Loop loop;
    int seen = 0;
    int status = -1;
    loop.watch(signals.fd(), [&] {
        seen = signals.take().value_or(0);
        loop.stop();
    });
    loop.watch(child.pidfd(), [&] {
        loop.forget(child.pidfd());
        status = child.wait();
        ::raise(SIGUSR1);
    });
    loop.run();
    CHECK(status == 0);
    CHECK(seen == SIGUSR1);
    CHECK_FALSE(signals.take());
}

TEST_CASE("an alarm rings once") {
    Loop loop;
    int rung = 0;
    loop.alarm(std::chrono::milliseconds(1), [&] {
        ++rung;
        loop.alarm(std::chrono::milliseconds(1), [&] { loop.stop(); });
    });
    loop.run();
    CHECK(rung == 1);
}
