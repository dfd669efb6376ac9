// SPDX-License-Identifier: Apache-2.0
//
// The gates of a pod with several apps: none executes its main process before the pre-start handlers of all
// have ended, well or badly (ACE-4).
//
// An app's gate is the file that systemd opens as its standard error, /rkt/status/APP-started: it is open
// when it is not empty, and never closes again, so an app that is started anew waits for nobody. An app that
// ends in any other way has opened its gate, too: finish writes /rkt/status/APP.
//
// Apps see that directory read only, and launch keeps its descriptor from the handler and the app. So no app
// can close a gate, or open another's; what it sees is when its neighbours were started and how they ended,
// and them it sees in /proc anyway.

#pragma once

// Takes the app's gate from the place of the standard error, and gives the file the time of this start.
void keep_gate();

// The app's own.
void open_gate();

// Returns when those of all apps are open: "APP,APP".
void await_gates(const char* apps);
