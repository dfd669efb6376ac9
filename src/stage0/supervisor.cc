// SPDX-License-Identifier: Apache-2.0

#include "stage0/supervisor.h"

#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "os/dir.h"
#include "os/file.h"
#include "os/open.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <iterator>

#include <fcntl.h>
#include <linux/openat2.h>
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace rkt {

namespace {

// Open for writing too, so that it does not come to an end when an app has closed it. The pod runs already: a
// link that its root has put there is not followed.
Fd open_events(const PodLayout& layout) {
    std::filesystem::path root = layout.stage1_rootfs();
    Fd fd = open_resolved(Dir::open(root).fd(), layout.events().lexically_relative(root).c_str(),
                          O_RDWR | O_NONBLOCK, RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS);
    struct stat status = {};
    if (!fd || ::fstat(fd.get(), &status) < 0)
        throw SystemError(errno, "opening {}", layout.events());
    if (!S_ISFIFO(status.st_mode))
        throw Error("opening {}: it is no pipe", layout.events());
    return fd;
}

void signal_process(int pidfd, int signal) noexcept {
    ::syscall(SYS_pidfd_send_signal, pidfd, signal, nullptr, 0);
}

void wait_for_end(int pidfd) noexcept {
    pollfd polled = {.fd = pidfd, .events = POLLIN, .revents = 0};
    while (::poll(&polled, 1, -1) < 0 && errno == EINTR) {
    }
}

} // namespace

Supervisor::Supervisor(Parts parts)
    : parts_(std::move(parts)), loop_(parts_.loop), events_(open_events(parts_.pod.layout())) {
    loop_.watch(parts_.notify.fd(), [this] { take_notices(); });
    loop_.watch(events_.get(), [this] { take_ends(); });
    loop_.watch(parts_.signals.fd(), [this] { take_signals(); });
    loop_.watch(parts_.stage1.pidfd(), [this] { loop_.stop(); });
    if (parts_.bus != nullptr)
        loop_.watch(parts_.bus->fd(), [this] { parts_.bus->process(); });
    if (parts_.output)
        loop_.watch(parts_.output->fd(), [this] { print(); });
}

int Supervisor::run() {
    loop_.run();
    return end();
}

void Supervisor::take_notices() {
    while (std::optional<Notice> notice = parts_.notify.receive()) {
        if (notice->leader)
            meet_leader(*notice->leader);
        if (notice->ready) {
            become_ready();
            release_watches();
        }
    }
}

void Supervisor::meet_leader(pid_t leader) {
    leader_ = open_pidfd(leader);
    leader_pid_ = leader;
    parts_.leader_known(leader);
}

// Whether all apps have ended, beside one that is about to. An app may have been started again.
bool Supervisor::has_ended(std::string_view but) const {
    return std::ranges::all_of(view_of(parts_.pod).apps(),
                               [&](const PodApp& app) { return app.status || app.name == but; });
}

// An app that has ended before the pod was ready counts as started: for most of those nspawn never says
// READY.
void Supervisor::take_ends() {
    constexpr std::string_view ending = "ending ";
    constexpr std::string_view ended = "ended ";
    std::array<char, 4096> buffer = {};
    ssize_t n = ::read(events_.get(), buffer.data(), buffer.size());
    if (n <= 0 || parts_.goes_on)
        return;
    for (std::string_view line : split({buffer.data(), static_cast<std::size_t>(n)}, '\n')) {
        if (line.starts_with(ending) && has_ended(line.substr(ending.size())))
            quicken_end();
        if (line.starts_with(ended))
            take_end(line.substr(ended.size()));
    }
    become_ready();
}

void Supervisor::take_end(std::string_view app) {
    if (parts_.streams != nullptr)
        parts_.streams->finish(app, parts_.signals.fd());
    if (has_ended({}))
        finish_output();
}

// When journald writes, the pod's systemd has opened all it will: it is to close them without a wait.
void Supervisor::hold_watches() {
    if (leader_ && watches_.empty() && !ready_)
        watches_ = rkt::hold_watches(leader_pid_);
}

// The pod's systemd looks for questions on the console until it is up: what is held of that takes up an
// instance of root's for nothing.
void Supervisor::release_watches() {
    rkt::release_watches(watches_, fmt::format("/proc/{}/root/run/systemd/ask-password", leader_pid_));
}

// The pod's systemd watches for nothing any more when its last app has ended: it is about to go.
void Supervisor::quicken_end() {
    if (!leader_)
        return;
    std::ranges::move(rkt::hold_watches(leader_pid_), std::back_inserter(watches_));
    remove_watches(watches_);
}

// Every line is in the journal now.
void Supervisor::finish_output() {
    print();
    if (!reader_waits_)
        close_output();
}

void Supervisor::become_ready() {
    if (ready_)
        return;
    ready_ = true;
    write_plainly(parts_.pod.layout().ready(), "");
    notify_manager("READY=1");
    // The pod's systemd may not have heard what came before it was up.
    if (stops_ > 0)
        ask_for_poweroff();
}

void Supervisor::take_signals() {
    while (std::optional<int> signal = parts_.signals.take())
        if (*signal != SIGWINCH)
            stop();
        else if (parts_.streams != nullptr)
            parts_.streams->resize();
}

void Supervisor::stop() {
    ++stops_;
    notify_manager("STOPPING=1");
    if (stops_ == 1 && !parts_.tells)
        return parts_.stage1.kill(SIGTERM);
    if (stops_ == 1)
        return ask_for_poweroff();
    note("killing the pod");
    parts_.stage1.kill(SIGKILL);
}

// What `machinectl poweroff` sends: poweroff.target, with every app's stop before it (systemd(1),
// SIGRTMIN+4).
void Supervisor::ask_for_poweroff() const {
    if (leader_)
        signal_process(leader_.get(), SIGRTMIN + 4);
}

void Supervisor::print() {
    hold_watches();
    if (!parts_.output)
        return;
    Printed printed = parts_.output->print();
    if (printed != Printed::Unread)
        return attend_reader(printed == Printed::Part);
    // Nobody reads the output any more: the pod is ended as a program would be by SIGPIPE.
    close_output();
    stop();
}

// Signals are heard while he takes his time; the journal keeps what is to come.
void Supervisor::attend_reader(bool waits) {
    if (waits == reader_waits_)
        return;
    reader_waits_ = waits;
    if (waits)
        loop_.watch_writable(parts_.output->to(), [this] { print(); });
    else
        loop_.forget(parts_.output->to());
}

void Supervisor::close_output() {
    if (!parts_.output)
        return;
    attend_reader(false);
    loop_.forget(parts_.output->fd());
    parts_.output.reset();
}

// False if a signal comes instead.
bool Supervisor::reader_comes() {
    std::array<pollfd, 2> polled = {pollfd{.fd = parts_.output->to(), .events = POLLOUT, .revents = 0},
                                    pollfd{.fd = parts_.signals.fd(), .events = POLLIN, .revents = 0}};
    ::poll(polled.data(), polled.size(), -1);
    while (std::optional<int> signal = parts_.signals.take())
        if (*signal != SIGWINCH)
            return false;
    return true;
}

// All that the pod has written, unless whoever is to read it does not, and we are told to end.
void Supervisor::print_rest() {
    while (parts_.output && parts_.output->print() == Printed::Part && reader_comes()) {
    }
}

// However nspawn ended, nothing of the pod outlives it.
int Supervisor::end() {
    int status = parts_.stage1.wait();
    trace("stage1 has ended with status {}", status);
    parts_.unit.kill_pod();
    if (leader_) {
        signal_process(leader_.get(), SIGKILL);
        wait_for_end(leader_.get());
    }
    reap_orphans();
    if (parts_.streams != nullptr)
        parts_.streams->finish(parts_.signals.fd());
    print_rest();
    return status;
}

} // namespace rkt
