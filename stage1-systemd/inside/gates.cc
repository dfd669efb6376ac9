// SPDX-License-Identifier: Apache-2.0

#include "gates.h"

#include "streams.h"

#include <cerrno>
#include <cstdio>
#include <cstring>

#include <fcntl.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

namespace {

constexpr char directory[] = "/dev/.rkt/status"; // the pod's /rkt/status

int gate = -1;

// `suffix` says which file of the app.
bool look(const char* app, int length, const char* suffix, struct stat& status) {
    char path[512];
    std::snprintf(path, sizeof path, "%s/%.*s%s", directory, length, app, suffix);
    return ::stat(path, &status) == 0;
}

bool is_open(const char* app, int length) {
    struct stat status = {};
    return (look(app, length, "-started", status) && status.st_size > 0) || look(app, length, "", status);
}

// Where the first of them stands whose gate is closed; at the end if there is none.
const char* skip_open(const char* apps) {
    while (*apps != '\0') {
        size_t length = std::strcspn(apps, ",");
        if (!is_open(apps, static_cast<int>(length)))
            break;
        apps += length + (apps[length] == ',' ? 1 : 0);
    }
    return apps;
}

} // namespace

void keep_gate() {
    struct stat status = {};
    gate = ::fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    if (gate < 0 || ::fstat(gate, &status) < 0 || ::ftruncate(gate, status.st_size) < 0)
        stop("taking the app's gate");
}

// A length takes no space: the gate can be opened on a full disk.
void open_gate() {
    if (gate >= 0 && ::ftruncate(gate, 1) < 0)
        stop("opening the app's gate");
}

// What happens between a look and the wait is in the queue of the watch, which comes first.
void await_gates(const char* apps) {
    apps = skip_open(apps);
    if (*apps == '\0')
        return;
    int watch = ::inotify_init1(IN_CLOEXEC);
    if (watch < 0 || ::inotify_add_watch(watch, directory, IN_CREATE | IN_MODIFY | IN_MOVED_TO) < 0)
        stop("watching the gates of the pod's apps");
    for (apps = skip_open(apps); *apps != '\0'; apps = skip_open(apps)) {
        char events[4096];
        if (::read(watch, events, sizeof events) < 0 && errno != EINTR)
            stop("waiting for the gates of the pod's apps");
    }
    ::close(watch);
}
