// SPDX-License-Identifier: Apache-2.0
//
// Records the end of an app: what the units of its end run, as root, in the pod's own root.
//
// First journald takes in what is queued, so that whoever reads the status finds every line of the app. Then
// the status is written to /rkt/status/APP, which also opens the app's gate (gates.h). Whoever listens at the
// FIFO /rkt/events is told of both. Ends with the app's status.

#include "stage1-systemd/inside/exit-status.h"

#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

namespace {

constexpr sockaddr_un journal = {AF_UNIX, "/run/systemd/journal/io.systemd.journal"};

// A varlink call and its end.
constexpr char synchronize_call[] = R"({"method":"io.systemd.Journal.Synchronize","parameters":{}})";

constexpr int unknown_status = 255;

std::string variable(const char* name) {
    const char* value = std::getenv(name);
    return value != nullptr ? value : "";
}

void complain(const char* doing) {
    std::perror(doing);
}

// journald answers when all that was sent to it before is in the journal. It is not waited for without end: a
// status without the last lines is better than none.
void synchronize_journal() {
    int connection = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    timeval limit = {5, 0};
    ::setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    if (::connect(connection, reinterpret_cast<const sockaddr*>(&journal), sizeof journal) < 0)
        return complain("connecting to the journal");
    char answer[512];
    if (::write(connection, synchronize_call, sizeof synchronize_call) < 0 ||
        ::read(connection, answer, sizeof answer) <= 0)
        complain("synchronizing the journal");
    ::close(connection);
}

// Whole or not at all: readers see no file or all of it.
void write_status(const std::string& app, const std::optional<int>& status) {
    std::string path = "/rkt/status/" + app;
    std::string unfinished = "/rkt/status/." + app;
    std::FILE* file = std::fopen(unfinished.c_str(), "we");
    if (file == nullptr)
        return complain(unfinished.c_str());
    std::fprintf(file, "%s\n", status ? std::to_string(*status).c_str() : "unknown");
    if (std::fclose(file) != 0 || std::rename(unfinished.c_str(), path.c_str()) != 0)
        complain(path.c_str());
}

// Nobody may be listening: that is no error.
void tell(const char* what, const std::string& app) {
    int events = ::open("/rkt/events", O_WRONLY | O_NONBLOCK | O_CLOEXEC);
    if (events < 0)
        return;
    std::string line = std::string(what) + " " + app + "\n";
    [[maybe_unused]] ssize_t written = ::write(events, line.data(), line.size());
    ::close(events);
}

// web.service is the unit of the app web.
std::string app_of(const std::string& unit) {
    return unit.substr(0, unit.rfind('.'));
}

} // namespace

int main() {
    std::string app = app_of(variable("MONITOR_UNIT"));
    if (app.empty()) {
        std::fputs("finish: which app has ended is not in the environment\n", stderr);
        return unknown_status;
    }
    tell("ending", app);
    synchronize_journal();
    auto status = rkt::exit_status(variable("MONITOR_EXIT_CODE"), variable("MONITOR_EXIT_STATUS"));
    write_status(app, status);
    tell("ended", app);
    return status.value_or(unknown_status);
}
