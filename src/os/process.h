// SPDX-License-Identifier: Apache-2.0
//
// Starting and watching other programs.
//
// No code of ours runs between fork and exec but system calls: what the child is to be is said
// before, and what went wrong in it is thrown by the parent.

#pragma once

#include "os/fd.h"

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <sys/types.h>

namespace rkt {

struct Command {
    std::filesystem::path program;                            // looked up along PATH if it has no slash
    std::vector<std::string> arguments = {};                  // without the program's own name
    std::optional<std::vector<std::string>> environment = {}; // "KEY=value"; ours if not given
    std::vector<std::pair<int, int>> descriptors = {};        // ours, its: kept open under that number
    std::optional<std::filesystem::path> directory = {};      // to start in
    int cgroup = -1;                                          // a directory of cgroup2 to be born in
    bool own_group = false;     // a process group of its own, away from the terminal's signals
    bool closes_others = false; // has the standard streams and `descriptors`, whatever a library left open

    // Called in the child when all else is in place, as the last before it executes the program: system calls
    // and nothing else. Gives null, or with errno what could not be done.
    std::function<const char*()> become = {};
};

// How a process ended, as a shell says it: 0 to 255, 128 + N for signal N.
int shell_status(int wait_status) noexcept;

class [[nodiscard]] Child {
public:
    // Throws SystemError naming the program if it cannot be executed, or what could not be done before.
    static Child spawn(const Command& command);

    // A copy of ours, which does that and ends with status 0. Throws SystemError.
    static Child fork(const std::function<void()>& act);

    pid_t pid() const noexcept { return pid_; }

    // Readable when the child has ended.
    int pidfd() const noexcept { return pidfd_.get(); }

    void kill(int signal) const noexcept;

    // Waits for the end, once. Gives the shell_status.
    int wait();

private:
    Child(pid_t pid, Fd pidfd) noexcept : pid_(pid), pidfd_(std::move(pidfd)) {}

    pid_t pid_;
    Fd pidfd_;
};

// Runs a command and gives what it wrote to its standard output. Throws if it ends with another
// status than 0; what it says on its standard error goes to ours.
std::string output_of(Command command);

// Calls what does not return in a child of ours, and gives the shell_status of that.
int wait_in_fork(const std::function<void()>& act);

// A descriptor of a process that is not our child; empty if there is no such process.
Fd open_pidfd(pid_t pid);

// From now on orphans below us become our children (prctl(2), PR_SET_CHILD_SUBREAPER).
void become_subreaper();

// Takes in every child that has ended, without waiting.
void reap_orphans() noexcept;

// Waits for the end of those children one of whose arguments ends so: of orphans that came to us, whose
// numbers nobody has told us. Gives up on what it may not look at.
void wait_for_orphans(std::string_view argument) noexcept;

// Reading end, writing end; each closed on exec.
std::pair<Fd, Fd> make_pipe();

// Where this program's file lies: its helpers lie beside it.
std::filesystem::path program_directory();

} // namespace rkt
