// SPDX-License-Identifier: Apache-2.0
//
// The standard streams of an app, as launch gives them to it.
//
// A pipe for the log, since what systemd hands out is a socket of journald's, and a socket cannot be opened
// by way of /dev/stdout or /proc/self/fd/1. A small process in the app's cgroup, though not its child,
// carries the bytes on, so that journald counts them as the app's. It ends when the last writer has: systemd
// ends what the app left behind, then the app's lines are complete.
//
// What rkt carries is made here, as the app's user and of the pod's devpts, and its other ends are given to
// rkt: standard input is a connection that systemd has made before it entered the app's root, and that the
// app never sees. rkt has put a socket into it by which it takes them, once.

#pragma once

enum class Mode { Null, Log, Stream, Tty };

struct Modes {
    Mode in = Mode::Null;
    Mode out = Mode::Log;
    Mode err = Mode::Log;
};

// "IN,OUT,ERR" as pod/stream-modes.h has it. Anything else ends the program.
Modes parse_modes(const char* text);

// Puts them in the place of what systemd has given.
void redirect(const Modes& modes);

// Says, with errno, what could not be done, where it can be seen, and ends the program.
[[noreturn]] void stop(const char* doing);
