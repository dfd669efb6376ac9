// SPDX-License-Identifier: Apache-2.0
//
// What stage0 calls on the host, by the names that the image manifest gives. All are one program (main.cc),
// which looks at the name it was called by.

#pragma once

#include <string>
#include <vector>

namespace rkt {

using Arguments = std::vector<std::string>; // without the program's name

// Starts the pod in whose directory it is called, by becoming systemd-nspawn.
int run(const Arguments& words);

// Runs a command inside an app, and gives its status.
int enter(const Arguments& words);

// Asks the pod in whose directory it is called to end, or kills it.
int stop(const Arguments& words);

// Puts one app into a running pod, to be started, and takes one out of it.
int add_app(const Arguments& words);
int remove_app(const Arguments& words);

// One app of a pod: to systemd's own systemctl in the pod.
int start_app(const Arguments& words);
int stop_app(const Arguments& words);
int restart_app(const Arguments& words);

// What systemctl(1) shows of the apps that --app names, with commas between: a block of properties for each.
int show_apps(const Arguments& words);

// Gives back what the pod in whose directory it is called had outside of it.
int collect(const Arguments& words);

} // namespace rkt
